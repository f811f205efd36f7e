import * as api from "@opentelemetry/api";

/** A part of the OpenTelemetry API that one owner per process registers. */
export type ApiPart = "diag" | "context" | "trace" | "metrics" | "logs";

/** A provider of an SDK, which holds what was not sent yet. */
export interface Provider {
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

// Where all copies of the API 1.x find each other. The API itself cannot be asked whether somebody
// has registered a logger or a meter provider, and an older copy of it sees no newer one.
const SHARED = Symbol.for("opentelemetry.js.api.1");

const SIGNALS = ["trace", "metrics", "logs"] as const;

/** Whether somebody has registered this part. */
export function isRegistered(part: ApiPart): boolean {
  return registered(part) !== undefined;
}

/** The signals that somebody's SDK takes. */
export function registeredSignals(): readonly ApiPart[] {
  return SIGNALS.filter(isRegistered);
}

/** The providers of the SDK that is registered. */
export function registeredProviders(): readonly Provider[] {
  return SIGNALS.map((signal) => behindProxy(registered(signal))).filter(isProvider);
}

/** Takes away all that an SDK registers, so that nothing goes to one that has ended. */
export function unregisterSdk(): void {
  api.trace.disable();
  api.metrics.disable();
  api.logs?.disable();
  api.propagation.disable();
  api.context.disable();
}

function registered(part: ApiPart): unknown {
  const shared: unknown = Reflect.get(globalThis, SHARED);
  return isObject(shared) ? Reflect.get(shared, part) : undefined;
}

function behindProxy(provider: unknown): unknown {
  return isProxy(provider) ? provider.getDelegate() : provider;
}

function isProxy(value: unknown): value is { getDelegate(): unknown } {
  return isObject(value) && typeof Reflect.get(value, "getDelegate") === "function";
}

function isProvider(value: unknown): value is Provider {
  return (
    isObject(value) &&
    typeof Reflect.get(value, "forceFlush") === "function" &&
    typeof Reflect.get(value, "shutdown") === "function"
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

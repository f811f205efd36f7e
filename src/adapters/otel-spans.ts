import {
  type Context,
  context,
  type Link,
  ProxyTracerProvider,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { type CredentialError, TokenEndpointError } from "../domain/errors.ts";
import { errorType } from "../telemetry/error-type.ts";
import { SCOPE } from "../telemetry/registry.ts";
import type { AttributeValues, SpanAttributes, SpanName } from "../telemetry/registry-types.ts";
import { SPANS } from "../telemetry/spans.ts";
import { warnOfFailure } from "./otel-diag.ts";

// What a proxy hands out while nobody has registered a provider.
const NO_PROVIDER = new ProxyTracerProvider().getDelegate();

let provider: TracerProvider = NO_PROVIDER;
let tracer: Tracer | undefined;

export interface SpanStart<S extends SpanName> {
  readonly attributes: SpanAttributes<S>;
  /** The context of the parent span; one without a span makes a root. */
  readonly parent: Context;
  readonly links?: Link[];
  /** As the platform's `performance.now()` gives it. */
  readonly startTime?: number;
}

/** Starts a span of the registry; makes none when no tracer provider is registered. */
export function startSpan<S extends SpanName>(
  name: S,
  { attributes, parent, ...rest }: SpanStart<S>,
): Span | undefined {
  const options = { kind: SpanKind[SPANS[name].kind], attributes: { ...attributes }, ...rest };
  // A sampler or a processor that throws costs the span, and not what is counted beside it.
  try {
    return registeredTracer()?.startSpan(name, options, parent);
  } catch (error) {
    warnOfFailure(error);
    return undefined;
  }
}

/** As `startSpan`, for a call that was answered at once: nothing is copied, since hits are many. */
export function startHitSpan(
  attributes: SpanAttributes<"ClientAssertionCredential.getToken">,
  parent: Context,
  startTime: number,
): Span | undefined {
  const options = { kind: SpanKind.INTERNAL, attributes, startTime };
  return registeredTracer()?.startSpan("ClientAssertionCredential.getToken", options, parent);
}

/** As `startSpan`, for a part of an activity: it has no span when the whole has none. */
export function startChild<S extends SpanName>(name: S, start: SpanStart<S>): Span | undefined {
  return trace.getSpan(start.parent) && startSpan(name, start);
}

/** The tracer of the provider that is registered now, if there is one. */
export function registeredTracer(): Tracer | undefined {
  const registered = behindProxy(trace.getTracerProvider());
  if (registered === provider) return tracer;
  const { name, version, schemaUrl } = SCOPE;
  tracer =
    registered === NO_PROVIDER ? undefined : registered.getTracer(name, version, { schemaUrl });
  provider = registered;
  return tracer;
}

/** The caller's own context if it holds a span that has an identity, else the active one. */
export function contextOfCaller(given: unknown): Context {
  return isContext(given) && isIdentified(trace.getSpan(given)) ? given : context.active();
}

/** The link to a span, unless it has no identity. */
export function linkTo(span: Span | undefined): Link[] {
  return isIdentified(span) ? [{ context: span.spanContext() }] : [];
}

/** What an error says on a span. Its message stays out: it may quote what the authority wrote. */
export function errorAttributes(
  error: CredentialError,
  errorType: string,
): AttributeValues<"error.type" | "entra.error.code"> {
  const entraCode = error instanceof TokenEndpointError ? error.entraCode : undefined;
  return {
    "error.type": errorType,
    ...(entraCode === undefined ? {} : { "entra.error.code": entraCode }),
  };
}

/** Marks a span as failed, with the stable code of the error. */
export function markFailed(span: Span | undefined, error: CredentialError): void {
  span?.setAttributes(errorAttributes(error, errorType(error)));
  span?.setStatus({ code: SpanStatusCode.ERROR, message: error.code });
}

function isIdentified(span: Span | undefined): span is Span {
  return span !== undefined && trace.isSpanContextValid(span.spanContext());
}

function behindProxy(provider: TracerProvider): TracerProvider {
  return isProxy(provider) ? provider.getDelegate() : provider;
}

// By its form: the proxy of another copy of the API is no instance of our class.
function isProxy(
  provider: TracerProvider,
): provider is TracerProvider & { getDelegate(): TracerProvider } {
  return "getDelegate" in provider && typeof provider.getDelegate === "function";
}

/**
 * Whether a value is a context, by its form. The TracingContext of the Azure SDKs has these methods
 * too, and is an OpenTelemetry context when their instrumentation is registered.
 */
export function isContext(value: unknown): value is Context {
  return (
    typeof value === "object" &&
    value !== null &&
    hasMethod(value, "getValue") &&
    hasMethod(value, "setValue") &&
    hasMethod(value, "deleteValue")
  );
}

function hasMethod(value: object, name: string): boolean {
  return typeof Reflect.get(value, name) === "function";
}

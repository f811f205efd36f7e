import { diag } from "@opentelemetry/api";
import { registeredSignals } from "./api-globals.ts";
import { loadNodeSdk } from "./load-node-sdk.ts";
import { sayTroubleOnce } from "./quiet-diag.ts";
import { RunningTelemetry } from "./running-telemetry.ts";
import { isSdkDisabled, startNodeSdk } from "./start-node-sdk.ts";
import type { StartSettings } from "./start-options.ts";

let current: Promise<RunningTelemetry | undefined> | undefined;

/** The telemetry that was started in this process and has not ended. */
export function processTelemetry(): Promise<RunningTelemetry | undefined> | undefined {
  return current;
}

/**
 * Starts the telemetry of the process; undefined when none is wanted or another SDK is there.
 *
 * @throws ConfigurationError when it cannot be started.
 */
export function startProcessTelemetry(
  settings: StartSettings,
): Promise<RunningTelemetry | undefined> {
  const started = begin(settings, () => forget(started));
  current = started;
  started.then(
    (running) => running ?? forget(started),
    () => forget(started),
  );
  return started;
}

function forget(ended: typeof current): void {
  if (current === ended) current = undefined;
}

async function begin(
  { flushTimeoutMs, ...service }: StartSettings,
  onEnd: () => void,
): Promise<RunningTelemetry | undefined> {
  if (isSdkDisabled() || isAnothers()) return undefined;
  const sdk = await loadNodeSdk();
  // It took its time, and an application may have started its own meanwhile.
  if (isAnothers()) return undefined;
  sayTroubleOnce();
  const providers = startNodeSdk(sdk, { ...service, flushTimeoutMs });
  return new RunningTelemetry({ providers, flushTimeoutMs, onEnd });
}

function isAnothers(): boolean {
  const signals = registeredSignals();
  if (signals.length === 0) return false;
  diag.warn(
    `affiant: an OpenTelemetry SDK is there (${signals.join(", ")}). It is left alone, and no other one started.`,
  );
  return true;
}

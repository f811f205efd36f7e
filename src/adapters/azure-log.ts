import type { AzureLogger } from "@azure/logger";
import type { EventName } from "../telemetry/registry-types.ts";
import type { TelemetryEvent } from "../telemetry/telemetry-event.ts";

type Level = "error" | "warning" | "info" | "verbose";

const LEVELS: Readonly<Record<TelemetryEvent["severity"], Level>> = {
  DEBUG: "verbose",
  INFO: "info",
  WARN: "warning",
  ERROR: "error",
};

let loading: Promise<AzureLogger> | undefined;

/**
 * Writes an event as one line through the Azure SDKs' own logger, silent until `AZURE_LOG_LEVEL` or
 * `setLogLevel` says otherwise. The logger is loaded with the first event, which no caller waits for.
 *
 * @param account Who asks whom; it belongs in a log only when somebody said so.
 */
export function writeLine<E extends EventName>(
  { severity, line }: TelemetryEvent<E>,
  account?: string,
): void {
  loading ??= import("@azure/logger").then(({ createClientLogger }) =>
    createClientLogger("affiant"),
  );
  const text = account === undefined ? line : `${line} (${account})`;
  // A log function that was redirected may throw.
  loading.then((logger) => logger[LEVELS[severity]](text)).catch(() => {});
}

/**
 * `node --import affiant/register app.js` starts OpenTelemetry's SDK ahead of the application, as
 * `startTelemetry` does, and flushes it at SIGTERM and SIGINT too: there is no code of the
 * application that would.
 *
 * Telemetry that cannot start is a warning, never a reason for the application not to run.
 */
import { flushOnSignals } from "./flush-on-signals.ts";
import { startProcessTelemetry } from "./process-telemetry.ts";
import { resolveStartOptions } from "./start-options.ts";

try {
  const running = await startProcessTelemetry(resolveStartOptions({}));
  if (running !== undefined) flushOnSignals(() => running.forceFlush());
} catch (error) {
  process.emitWarning(error instanceof Error ? error.message : "Telemetry did not start.", {
    type: "AffiantWarning",
    code: "AFFIANT_TELEMETRY",
  });
}

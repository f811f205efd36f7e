import { diag } from "@opentelemetry/api";
import { processTelemetry, startProcessTelemetry } from "./process-telemetry.ts";
import { resolveStartOptions, type StartTelemetryOptions } from "./start-options.ts";
import { NO_TELEMETRY, type Telemetry } from "./telemetry.ts";

export type { StartTelemetryOptions } from "./start-options.ts";
export type { Telemetry } from "./telemetry.ts";

/**
 * Starts OpenTelemetry's SDK for Node (`@opentelemetry/sdk-node`, to be installed beside this
 * package), for applications that have none yet. What happened before is not told.
 *
 * What is sent where, say the standard variables. Their defaults:
 *
 * - Spans, metrics and log records go over OTLP to `http://localhost:4318`, metrics every minute
 *   (`OTEL_{TRACES,METRICS,LOGS}_EXPORTER`, `OTEL_EXPORTER_OTLP_ENDPOINT` and `_PROTOCOL`,
 *   `OTEL_METRIC_EXPORT_INTERVAL`). If nobody listens there, that is said once, on stderr, and no
 *   more than 2,048 spans and as many log records are kept.
 * - `OTEL_METRICS_EXPORTER=prometheus` serves `http://localhost:9464/metrics` instead, reachable from
 *   this machine alone, since the page asks for no password (`OTEL_EXPORTER_PROMETHEUS_HOST` and
 *   `_PORT`). Spans and log records still go over OTLP, unless their exporter is `none`.
 * - The resource tells service, process and host, but not the arguments of the process: one of them
 *   may be a secret.
 * - No library is instrumented, and every span is recorded (`OTEL_TRACES_SAMPLER`).
 *
 * A configuration file of the SDK (`OTEL_CONFIG_FILE`) takes the place of all these variables.
 *
 * When the process has nothing left to do, what is not sent yet is flushed. An application that ends
 * by `process.exit` or on a signal calls `shutdown` first; no signal handler is registered here.
 *
 * Where an SDK is registered already, or `OTEL_SDK_DISABLED=true`, nothing is started. Who calls it
 * again, or after `affiant/register`, gets the same telemetry.
 *
 * @throws ConfigurationError when an option is wrong, or the SDK is not installed or does not start.
 */
export async function startTelemetry(options: StartTelemetryOptions = {}): Promise<Telemetry> {
  const settings = resolveStartOptions(options);
  const started = processTelemetry();
  if (started !== undefined && Object.keys(options).length > 0) {
    diag.warn(
      "affiant: telemetry was started before, and the options of a later start are ignored",
    );
  }
  return (await (started ?? startProcessTelemetry(settings))) ?? NO_TELEMETRY;
}

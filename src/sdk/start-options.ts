import { ConfigurationError } from "../domain/errors.ts";
import { numberWithin, refuseUnknownOptions, requireText } from "../domain/option-checks.ts";

/** What code may say where the `OTEL_*` variables say nothing. The variables win: who runs a program knows best where it runs. */
export interface StartTelemetryOptions {
  /**
   * The name of the application (`service.name`). `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`
   * win over it.
   *
   * @defaultValue the name in the package.json nearest to the script that was started
   */
  readonly serviceName?: string;
  /**
   * The version of the application (`service.version`). `OTEL_RESOURCE_ATTRIBUTES` wins over it.
   *
   * @defaultValue the version in the same package.json
   */
  readonly serviceVersion?: string;
  /**
   * How long a flush may take, in milliseconds: at the end of the process, in `forceFlush` and in
   * `shutdown`. Unless `OTEL_EXPORTER_OTLP_TIMEOUT` is set, one export with its retries may take as
   * long: the exporters keep the process alive meanwhile.
   *
   * @defaultValue 2_000: a collector at hand answers within milliseconds, and with the exporters' own
   * 10 s a script whose collector is not there ends 8 s late
   */
  readonly flushTimeoutMs?: number;
}

/** The options with their defaults. */
export interface StartSettings extends StartTelemetryOptions {
  readonly flushTimeoutMs: number;
}

const KNOWN = new Set(["serviceName", "serviceVersion", "flushTimeoutMs"]);

/**
 * Checks the options.
 *
 * @throws ConfigurationError naming the first one that is wrong.
 */
export function resolveStartOptions(options: StartTelemetryOptions): StartSettings {
  refuseUnknownOptions("startTelemetry", options, KNOWN);
  const { serviceName, serviceVersion, flushTimeoutMs } = options;
  return {
    ...(serviceName === undefined ? {} : { serviceName: label("serviceName", serviceName) }),
    ...(serviceVersion === undefined
      ? {}
      : { serviceVersion: label("serviceVersion", serviceVersion) }),
    flushTimeoutMs: numberWithin("flushTimeoutMs", flushTimeoutMs, FLUSH_TIMEOUT),
  };
}

const FLUSH_TIMEOUT = { min: 1, max: 60_000, fallback: 2_000, whole: true };

// The SDK discards all resource attributes when one is longer.
const MAX_LENGTH = 255;

function label(option: string, value: unknown): string {
  const text = requireText(option, value);
  if (text.length <= MAX_LENGTH) return text;
  throw new ConfigurationError(`${option} must have at most ${MAX_LENGTH} characters.`);
}

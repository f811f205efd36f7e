import * as api from "@opentelemetry/api";
import { SCOPE } from "../telemetry/registry.ts";
import type { EventName } from "../telemetry/registry-types.ts";
import type { TelemetryEvent } from "../telemetry/telemetry-event.ts";
import { isContext } from "./otel-spans.ts";

// The numbers of the log data model; the API has names for them only from 1.10 on.
const SEVERITY_NUMBERS = { DEBUG: 5, INFO: 9, WARN: 13, ERROR: 17 } as const;

let provider: api.LoggerProvider | undefined;
let logger: api.Logger | undefined;

/** Emits an event as a log record. With an API older than 1.10, which has no logs, it goes nowhere. */
export function emit<E extends EventName>(event: TelemetryEvent<E>): void {
  const { name, severity, attributes, line, context } = event;
  registeredLogger()?.emit({
    eventName: name,
    severityNumber: SEVERITY_NUMBERS[severity],
    severityText: severity,
    body: line,
    attributes: { ...attributes },
    ...(isContext(context) ? { context } : {}),
  });
}

function registeredLogger(): api.Logger | undefined {
  const registered = api.logs?.getLoggerProvider();
  if (registered === provider) return logger;
  const { name, version, schemaUrl } = SCOPE;
  logger = registered?.getLogger(name, version, { schemaUrl });
  provider = registered;
  return logger;
}

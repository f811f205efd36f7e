import {
  type ResolvedTelemetry,
  resolveTelemetry,
  type TelemetryOptions,
} from "../../src/options/telemetry-options.ts";
import { code, markdownTable } from "./markdown-table.ts";

const OPTIONS: Readonly<Record<keyof TelemetryOptions, string>> = {
  enabled: "`false` switches spans, metrics, log events and log lines off, all at once.",
  name: "Tells the credentials of one process apart: the value of `entra.credential.name`.",
  spans:
    "`all`: each call has a span. `sampled-parent`: a call that is answered at once has one only under a span that is recorded. `flights`: only refreshes and what is below them have spans.",
  identifiers: "`false` leaves tenant and client out of spans and log events.",
  metricAttributes:
    "Any of `entra.tenant.id`, `entra.client.id`, `entra.credential.token.resource`: put on metrics too, within the bounds above.",
  spanAttributes:
    "A function that gives attributes of your own for the span of a call or refresh: up to 16, texts up to 256 characters, under names that are neither ours nor those of the conventions. What looks like a token is cut out; what it throws is ignored.",
  httpClientMetric:
    "`true` records the time of token requests also as `http.client.request.duration`.",
};

/** The options of `telemetry`, with the defaults that the code has. */
export function optionTable(): string {
  const defaults: Partial<ResolvedTelemetry> = resolveTelemetry();
  const rows = Object.entries(OPTIONS).map(([option, meaning]) => [
    code(`telemetry.${option}`),
    spelled(Reflect.get(defaults, option)),
    meaning,
  ]);
  return markdownTable(["option", "default", "meaning"], rows);
}

function spelled(value: unknown): string {
  const isNone = value === undefined || (Array.isArray(value) && value.length === 0);
  return isNone ? "none" : code(JSON.stringify(value));
}

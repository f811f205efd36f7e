import type { TelemetryOptions } from "../../src/options/telemetry-options.ts";

/** Settings whose cost is measured, beside an OpenTelemetry SDK or without one. */
export interface CostCase {
  /** As the table names it. */
  readonly name: string;
  readonly telemetry: TelemetryOptions;
  /** Which share of the spans is sampled; `metrics` keeps no spans at all. */
  readonly sdk: "none" | "metrics" | "every-span" | "one-percent";
}

/** What all others are compared to. */
export const OFF: CostCase = {
  name: "`enabled: false`",
  telemetry: { enabled: false },
  sdk: "none",
};

/** In the order of the table. */
export const CASES: readonly CostCase[] = [
  OFF,
  { name: "the defaults, no SDK", telemetry: {}, sdk: "none" },
  { name: "metrics only", telemetry: {}, sdk: "metrics" },
  {
    name: 'metrics only, `metricAttributes: ["entra.tenant.id"]`',
    telemetry: { metricAttributes: ["entra.tenant.id"] },
    sdk: "metrics",
  },
  {
    name: "metrics only, `httpClientMetric: true`",
    telemetry: { httpClientMetric: true },
    sdk: "metrics",
  },
  { name: '`spans: "flights"`', telemetry: { spans: "flights" }, sdk: "every-span" },
  {
    name: '`spans: "sampled-parent"`, no parent',
    telemetry: { spans: "sampled-parent" },
    sdk: "every-span",
  },
  { name: '`spans: "all"`, 1 % sampled', telemetry: {}, sdk: "one-percent" },
  { name: '`spans: "all"`, all sampled', telemetry: {}, sdk: "every-span" },
  {
    name: '`spans: "all"`, all sampled, `identifiers: false`',
    telemetry: { identifiers: false },
    sdk: "every-span",
  },
  {
    name: '`spans: "all"`, all sampled, `spanAttributes` with two texts',
    telemetry: {
      spanAttributes: ({ tenantId }) => ({ "app.part": "orders", "app.tenant": tenantId }),
    },
    sdk: "every-span",
  },
];

import { METRICS } from "../../src/telemetry/metrics.ts";

/** The name of a metric in the registry. */
export type MetricName = keyof typeof METRICS;

/** The metrics of the registry, in its order. */
export const METRIC_NAMES: readonly MetricName[] = Object.keys(METRICS).filter(
  (name): name is MetricName => name in METRICS,
);

// Of things that only grow.
const COUNTERS: readonly string[] = ["Counter", "ObservableCounter"];

/**
 * What a metric is called in Prometheus when it comes through the Collector's `prometheus` exporter,
 * by OpenTelemetry's rules for that. Of a histogram it is the name that `_bucket`, `_sum` and
 * `_count` are added to.
 */
export function collectorName(metric: MetricName): string {
  // Units in braces only say what is counted, and are left out of names.
  const unit = METRICS[metric].unit === "s" ? "_seconds" : "";
  return `${metric.replaceAll(".", "_")}${unit}${ending(metric)}`;
}

/** What it is called on the page of the JavaScript SDK's own Prometheus exporter. */
export function directName(metric: MetricName): string {
  return `${metric.replaceAll(".", "_")}${ending(metric)}`;
}

function ending(metric: MetricName): string {
  return COUNTERS.includes(METRICS[metric].instrument) ? "_total" : "";
}

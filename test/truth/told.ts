import type { Attributes } from "@opentelemetry/api";
import { DataPointType, type MetricData, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { Tally } from "./tally.ts";

const SOURCE = "entra.credential.token.source";

// The same for all that is counted here.
const OMITTED = new Set(["server.address", "server.port", "http.request.method"]);

interface Point {
  readonly attributes: Attributes;
  /** The value, or how often a histogram was recorded. */
  readonly count: number;
}

/** What telemetry told in numbers. */
export class Told {
  readonly #metrics: ReadonlyMap<string, MetricData>;

  constructor({ scopeMetrics }: ResourceMetrics) {
    const all = scopeMetrics.flatMap(({ metrics }) => metrics);
    this.#metrics = new Map(all.map((metric) => [metric.descriptor.name, metric]));
  }

  /** The points of a metric, without the attributes named. */
  counts(metric: string, ...omitted: readonly string[]): Tally {
    const tally = new Tally();
    for (const { attributes, count } of this.#points(metric)) {
      const kept = Object.entries(attributes).filter(
        ([name]) => !OMITTED.has(name) && !omitted.includes(name),
      );
      tally.add(Object.fromEntries(kept), count);
    }
    return tally;
  }

  /**
   * The calls, those that were answered at once under one name: a moment decides which of them got a
   * fresh token and which a stale one.
   */
  calls(): Tally {
    const tally = new Tally();
    for (const { attributes, count } of this.#points("entra.credential.token.acquisitions")) {
      const isStale = attributes[SOURCE] === "stale_cache";
      tally.add(isStale ? { ...attributes, [SOURCE]: "cache" } : attributes, count);
    }
    // Of those with a stale token some had waited first.
    for (const { attributes, count } of this.#points(
      "entra.credential.token.acquisition.duration",
    )) {
      if (attributes[SOURCE] !== "stale_cache") continue;
      tally.add({ ...attributes, [SOURCE]: "cache" }, -count);
      tally.add(attributes, count);
    }
    return tally;
  }

  #points(metric: string): readonly Point[] {
    const data = this.#metrics.get(metric);
    if (data === undefined) throw new Error(`nothing was told of ${metric}`);
    if (data.dataPointType === DataPointType.HISTOGRAM) {
      return data.dataPoints.map(({ attributes, value }) => ({ attributes, count: value.count }));
    }
    if (data.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) {
      throw new Error(`${metric} has no buckets of ours`);
    }
    return data.dataPoints.map(({ attributes, value }) => ({ attributes, count: value }));
  }
}

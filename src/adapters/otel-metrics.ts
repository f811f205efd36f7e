import {
  type Histogram,
  type Meter,
  type MeterProvider,
  metrics,
  type ObservableResult,
} from "@opentelemetry/api";
import { acquisitionCounts } from "../telemetry/acquisition-counts.ts";
import { METRICS, SCOPE } from "../telemetry/registry.ts";
import type { HistogramName, MetricAttributes } from "../telemetry/registry-types.ts";

type Histograms = ReadonlyMap<string, Histogram>;

// An instrument made before a provider is registered stays silent forever, hence one set for each
// provider that is met. One met again keeps its set, so that its counter is read once.
const histogramsOf = new WeakMap<MeterProvider, Histograms>();
let provider: MeterProvider | undefined;
let histograms: Histograms = new Map();

/** Makes the instruments of the provider that is registered now, unless they are there. */
export function refreshInstruments(): void {
  const registered = metrics.getMeterProvider();
  if (registered === provider) return;
  histograms = histogramsOf.get(registered) ?? instrumentsOf(registered);
  histogramsOf.set(registered, histograms);
  provider = registered;
}

/** Records a duration, in seconds. */
export function record<M extends HistogramName>(
  metric: M,
  seconds: number,
  attributes: MetricAttributes<M>,
): void {
  refreshInstruments();
  histograms.get(metric)?.record(seconds, { ...attributes });
}

function instrumentsOf(provider: MeterProvider): Histograms {
  const { name, version, schemaUrl } = SCOPE;
  const meter = provider.getMeter(name, version, { schemaUrl });
  const made = new Map<string, Histogram>();
  for (const [metric, definition] of Object.entries(METRICS)) {
    if (definition.instrument === "Histogram")
      made.set(metric, histogram(meter, metric, definition));
  }
  observeAcquisitions(meter);
  return made;
}

function histogram(
  meter: Meter,
  metric: string,
  definition: (typeof METRICS)[HistogramName],
): Histogram {
  const { unit, description, buckets } = definition;
  const advice = { explicitBucketBoundaries: [...buckets] };
  return meter.createHistogram(metric, { unit, description, advice });
}

function observeAcquisitions(meter: Meter): void {
  const metric = "entra.credential.token.acquisitions";
  const { unit, description } = METRICS[metric];
  meter.createObservableCounter(metric, { unit, description }).addCallback(reportAcquisitions);
}

function reportAcquisitions(result: ObservableResult): void {
  for (const { name, source, errorType, count } of acquisitionCounts.read()) {
    const attributes: MetricAttributes<"entra.credential.token.acquisitions"> = {
      "entra.credential.name": name,
      "entra.credential.token.source": source,
      ...(errorType === undefined ? {} : { "error.type": errorType }),
    };
    result.observe(count, { ...attributes });
  }
}

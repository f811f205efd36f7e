import { type Counter, type Histogram, type MeterProvider, metrics } from "@opentelemetry/api";
import { METRICS } from "../telemetry/metrics.ts";
import { SCOPE } from "../telemetry/registry.ts";
import type { MetricAttributes, MetricOf } from "../telemetry/registry-types.ts";
import { warnOfFailure } from "./otel-diag.ts";
import { observe } from "./otel-readings.ts";

interface Instruments {
  readonly histograms: ReadonlyMap<string, Histogram>;
  readonly counters: ReadonlyMap<string, Counter>;
}

// An instrument made before a provider is registered stays silent forever, hence one set for each
// provider that is met. One met again keeps its set, so that its counters are read once.
const instrumentsOf = new WeakMap<MeterProvider, Instruments>();
let provider: MeterProvider | undefined;
const NONE: Instruments = { histograms: new Map(), counters: new Map() };
let instruments = NONE;

/** Makes the instruments of the provider that is registered now, unless they are there. */
export function refreshInstruments(): void {
  const registered = metrics.getMeterProvider();
  if (registered === provider) return;
  provider = registered;
  instruments = instrumentsOf.get(registered) ?? madeQuietly(registered);
  instrumentsOf.set(registered, instruments);
}

/** Records a value, in the unit of the metric. */
export function record<M extends MetricOf<"Histogram">>(
  metric: M,
  value: number,
  attributes: MetricAttributes<M>,
): void {
  refreshInstruments();
  instruments.histograms.get(metric)?.record(value, { ...attributes });
}

/** Counts one. */
export function count<M extends MetricOf<"Counter">>(
  metric: M,
  attributes: MetricAttributes<M>,
): void {
  refreshInstruments();
  instruments.counters.get(metric)?.add(1, { ...attributes });
}

// A provider that throws costs its metrics, and not the spans and log events beside them.
function madeQuietly(provider: MeterProvider): Instruments {
  try {
    return made(provider);
  } catch (error) {
    warnOfFailure(error);
    return NONE;
  }
}

function made(provider: MeterProvider): Instruments {
  const { name, version, schemaUrl } = SCOPE;
  const meter = provider.getMeter(name, version, { schemaUrl });
  const histograms = new Map<string, Histogram>();
  const counters = new Map<string, Counter>();
  for (const [metric, definition] of Object.entries(METRICS)) {
    const { unit, description } = definition;
    if (definition.instrument === "Histogram") {
      const advice = { explicitBucketBoundaries: [...definition.buckets] };
      histograms.set(metric, meter.createHistogram(metric, { unit, description, advice }));
    } else if (definition.instrument === "Counter") {
      counters.set(metric, meter.createCounter(metric, { unit, description }));
    }
  }
  observe(meter);
  return { histograms, counters };
}

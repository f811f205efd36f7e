import {
  type Attributes,
  context,
  type Link,
  logs,
  metrics,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  LoggerProvider,
  type LogRecordProcessor,
  type ReadableLogRecord,
} from "@opentelemetry/sdk-logs";
import {
  type DataPoint,
  type Histogram,
  MeterProvider,
  MetricReader,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { type ReadableSpan, type SpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach } from "vitest";

// Processors of our own keep what they are told at once: those of the SDK set timers, which a test
// with a fake clock would find among the product's.
class KeptSpans implements SpanProcessor {
  readonly kept: ReadableSpan[] = [];

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) this.kept.push(span);
  }

  async forceFlush(): Promise<void> {}
  async shutdown(): Promise<void> {}
}

class KeptRecords implements LogRecordProcessor {
  readonly kept: ReadableLogRecord[] = [];

  onEmit(record: ReadableLogRecord): void {
    this.kept.push(record);
  }

  async forceFlush(): Promise<void> {}
  async shutdown(): Promise<void> {}
}

class ManualReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

/** The real SDK, its spans, metrics and log records kept in memory. */
export class Sdk {
  readonly #spans = new KeptSpans();
  readonly #records = new KeptRecords();
  readonly #reader = new ManualReader();
  readonly tracerProvider = new TracerProvider({ spanProcessors: [this.#spans] });
  readonly meterProvider = new MeterProvider({ readers: [this.#reader] });
  readonly loggerProvider = new LoggerProvider({ processors: [this.#records] });

  register(): this {
    trace.setGlobalTracerProvider(this.tracerProvider);
    metrics.setGlobalMeterProvider(this.meterProvider);
    logs.setGlobalLoggerProvider(this.loggerProvider);
    return this;
  }

  spans(name?: string): ReadableSpan[] {
    const { kept } = this.#spans;
    return kept.filter((span) => name === undefined || span.name === name);
  }

  /** The only span of a name. */
  span(name: string): ReadableSpan {
    const [span, ...more] = this.spans(name);
    if (span === undefined || more.length > 0) throw new Error(`${more.length} more spans ${name}`);
    return span;
  }

  /** The log records of an event, or all. */
  records(eventName?: string): ReadableLogRecord[] {
    const { kept } = this.#records;
    return kept.filter((record) => eventName === undefined || record.eventName === eventName);
  }

  /** All metrics as they stand, as an exporter gets them. */
  async collect(): Promise<ResourceMetrics> {
    const { resourceMetrics, errors } = await this.#reader.collect();
    if (errors.length > 0) throw new AggregateError(errors);
    return resourceMetrics;
  }

  async metric(name: string) {
    const { scopeMetrics } = await this.collect();
    const found = scopeMetrics.flatMap(({ metrics, scope }) =>
      metrics.map((metric) => ({ ...metric, scope })),
    );
    const named = found.filter(({ descriptor }) => descriptor.name === name);
    if (named.length > 1) throw new Error(`${named.length} metrics ${name}`);
    return named[0];
  }

  /** What a counter says of one credential: its value by source, or by source and error. */
  async counts(credential: string): Promise<Record<string, number>> {
    const metric = await this.metric("entra.credential.token.acquisitions");
    const points = (metric?.dataPoints ?? []) as DataPoint<number>[];
    return Object.fromEntries(
      points
        .filter(({ attributes }) => attributes["entra.credential.name"] === credential)
        .map(({ attributes, value }) => [labelOf(attributes), value]),
    );
  }

  /** The series of a histogram: attributes, count and sum of each. */
  async durations(name: string) {
    const metric = await this.metric(name);
    const points = (metric?.dataPoints ?? []) as DataPoint<Histogram>[];
    return points.map(({ attributes, value: { count, sum = 0 } }) => ({
      attributes,
      count,
      seconds: Math.round(sum * 1_000) / 1_000,
    }));
  }

  /** All that was exported, as one text. */
  async everything(): Promise<string> {
    const spans = this.spans().map(({ name, attributes, status, events, links }) => ({
      name,
      attributes,
      status,
      events,
      links,
    }));
    const records = this.records().map(({ eventName, body, attributes }) => ({
      eventName,
      body,
      attributes,
    }));
    const { scopeMetrics } = await this.collect();
    return JSON.stringify([spans, scopeMetrics, records]);
  }
}

/** Registers nothing; takes everything registered in a test away after it. */
export function useCleanGlobals(): void {
  beforeEach(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  afterEach(() => {
    trace.disable();
    metrics.disable();
    logs.disable();
    context.disable();
  });
}

/** The ids of the spans that links point to. */
export function linked(links: readonly Link[]): string[] {
  return links.map(({ context }) => context.spanId);
}

function labelOf(attributes: Attributes): string {
  const { "entra.credential.token.source": source, "error.type": error } = attributes;
  return error === undefined ? String(source) : `${source} ${error}`;
}

import { logs, metrics, TraceFlags, trace } from "@opentelemetry/api";
import {
  LoggerProvider,
  type LogRecordProcessor,
  type ReadableLogRecord,
} from "@opentelemetry/sdk-logs";
import { MeterProvider, MetricReader, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import {
  type IdGenerator,
  type ReadableSpan,
  type SpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";

/** All that the SDK handed to its processors and its reader, as exporters take it. */
export interface Recording {
  readonly spans: ReadableSpan[];
  readonly resourceMetrics: ResourceMetrics;
  readonly records: ReadableLogRecord[];
}

// Ids that count up, so that the order in which spans began can be told from what was exported.
class CountingIds implements IdGenerator {
  #last = 0;

  generateTraceId(): string {
    return this.#next(32);
  }

  generateSpanId(): string {
    return this.#next(16);
  }

  #next(digits: number): string {
    this.#last += 1;
    return this.#last.toString(16).padStart(digits, "0");
  }
}

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

/** The real SDK with memory in the place of exporters. */
export class Recorder {
  readonly #spans = new KeptSpans();
  readonly #records = new KeptRecords();
  readonly #reader = new ManualReader();
  readonly #tracerProvider = new TracerProvider({
    spanProcessors: [this.#spans],
    idGenerator: new CountingIds(),
  });
  readonly #meterProvider = new MeterProvider({ readers: [this.#reader] });
  readonly #loggerProvider = new LoggerProvider({ processors: [this.#records] });

  /** Makes it the SDK of the process, as an application does. */
  register(): void {
    trace.setGlobalTracerProvider(this.#tracerProvider);
    metrics.setGlobalMeterProvider(this.#meterProvider);
    logs.setGlobalLoggerProvider(this.#loggerProvider);
  }

  unregister(): void {
    for (const api of [trace, metrics, logs]) api.disable();
  }

  /** All spans and records so far, and the metrics as they stand now. */
  async recording(): Promise<Recording> {
    const { resourceMetrics, errors } = await this.#reader.collect();
    if (errors.length > 0) throw new AggregateError(errors);
    return { resourceMetrics, spans: [...this.#spans.kept], records: [...this.#records.kept] };
  }
}

import { context, logs, metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { CostCase } from "./cases.ts";

class IdleReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

// What an exporter costs is its own affair: this one throws all away at once.
const discarding = {
  export: (_batch: unknown, done: (result: { code: 0 }) => void) => done({ code: 0 }),
  shutdown: async () => {},
  forceFlush: async () => {},
};

/** Registers the SDK as an application does, with exporters that throw everything away. */
export function registerSdk(sdk: CostCase["sdk"]): void {
  if (sdk === "none") return;
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [new IdleReader()] }));
  if (sdk === "metrics") return;
  trace.setGlobalTracerProvider(
    new TracerProvider({
      sampler: sdk === "every-span" ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(0.01),
      spanProcessors: [new BatchSpanProcessor({ exporter: discarding })],
    }),
  );
  logs.setGlobalLoggerProvider(
    new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter: discarding })] }),
  );
}

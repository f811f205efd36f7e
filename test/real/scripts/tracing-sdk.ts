import { writeSync } from "node:fs";
import { SpanKind } from "@opentelemetry/api";
import { DataPointType, MetricReader } from "@opentelemetry/sdk-metrics";
import { NodeSDK } from "@opentelemetry/sdk-node";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace";
import type { SpanFacts, Telling, TimedSeries } from "../support/telling.ts";

// Preloaded with `--import`: an application's SDK, which tells all it got when the process ends.

class OnDemand extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

const exporter = new InMemorySpanExporter();
const reader = new OnDemand();

new NodeSDK({
  spanProcessors: [new SimpleSpanProcessor({ exporter })],
  metricReaders: [reader],
  logRecordProcessors: [],
  autoDetectResources: false,
}).start();

process.once("beforeExit", async () => {
  const telling: Telling = {
    spans: exporter.getFinishedSpans().map(factsOf),
    durations: await durations(),
  };
  writeSync(1, JSON.stringify(telling));
});

function factsOf(span: ReadableSpan): SpanFacts {
  const { traceId, spanId } = span.spanContext();
  return {
    name: span.name,
    kind: SpanKind[span.kind] ?? "",
    scope: span.instrumentationScope.name,
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? "none",
    links: span.links.map(({ context }) => context.spanId),
    attributes: span.attributes,
  };
}

async function durations(): Promise<TimedSeries[]> {
  const { resourceMetrics } = await reader.collect();
  return resourceMetrics.scopeMetrics.flatMap(({ scope, metrics }) =>
    metrics.flatMap((metric) => {
      if (metric.dataPointType !== DataPointType.HISTOGRAM) return [];
      return metric.dataPoints.map(({ attributes, value }) => ({
        metric: metric.descriptor.name,
        scope: scope.name,
        attributes,
        count: value.count,
      }));
    }),
  );
}

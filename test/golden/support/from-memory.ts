import { type Attributes, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { DataPointType, type MetricData } from "@opentelemetry/sdk-metrics";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { Emitted, SeenMetric, SeenPoint, SeenRecord, SeenScope, Values } from "./emitted.ts";
import type { Recording } from "./recorder.ts";

const STATUS = {
  [SpanStatusCode.UNSET]: "unset",
  [SpanStatusCode.OK]: "ok",
  [SpanStatusCode.ERROR]: "error",
} as const;

/** What was emitted, as an exporter in the same process gets it. */
export function fromMemory({ spans, resourceMetrics, records }: Recording): Emitted {
  return {
    spans: spans.map(seenSpan),
    metrics: resourceMetrics.scopeMetrics.flatMap(({ scope, metrics }) =>
      metrics.map((metric) => seenMetric(seenScope(scope), metric)),
    ),
    records: records.map(seenRecord),
  };
}

function seenSpan(span: ReadableSpan) {
  const { spanId, traceId } = span.spanContext();
  const [seconds, nanos] = span.duration;
  return {
    scope: seenScope(span.instrumentationScope),
    id: spanId,
    traceId,
    parentId: span.parentSpanContext?.spanId,
    links: span.links.map(({ context, attributes }) => ({
      id: context.spanId,
      attributes: values(attributes),
    })),
    name: span.name,
    kind: SpanKind[span.kind],
    durationMs: Math.round(seconds * 1e3 + nanos / 1e6),
    status: STATUS[span.status.code],
    statusMessage: span.status.message ?? "",
    attributes: values(span.attributes),
    events: span.events.map(({ name }) => name),
  };
}

function seenMetric(scope: SeenScope, metric: MetricData): SeenMetric {
  const { name, unit, description } = metric.descriptor;
  return { scope, name, unit, description, kind: kindOf(metric), points: pointsOf(metric) };
}

function kindOf(metric: MetricData): SeenMetric["kind"] {
  if (metric.dataPointType === DataPointType.HISTOGRAM) return "histogram";
  if (metric.dataPointType === DataPointType.GAUGE) return "gauge";
  if (metric.dataPointType !== DataPointType.SUM) throw new Error("an exponential histogram");
  return metric.isMonotonic ? "counter" : "up_down_counter";
}

function pointsOf(metric: MetricData): SeenPoint[] {
  if (metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) return [];
  return metric.dataPoints.map(({ attributes, value }) => ({
    attributes: values(attributes),
    value:
      typeof value === "number"
        ? value
        : { count: value.count, sum: value.sum ?? 0, boundaries: value.buckets.boundaries },
  }));
}

function seenRecord(record: ReadableLogRecord): SeenRecord {
  return {
    scope: seenScope(record.instrumentationScope),
    eventName: record.eventName ?? "",
    severityText: record.severityText ?? "",
    severityNumber: record.severityNumber ?? 0,
    body: String(record.body),
    attributes: values(record.attributes),
    spanId: record.spanContext?.spanId,
  };
}

function seenScope({ name, version, schemaUrl }: ReadableSpan["instrumentationScope"]): SeenScope {
  return { name, version, schemaUrl };
}

function values(attributes: Attributes = {}): Values {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      const isPlain =
        typeof value === "string" || typeof value === "number" || typeof value === "boolean";
      return [name, isPlain ? value : JSON.stringify(value)];
    }),
  );
}

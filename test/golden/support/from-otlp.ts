import { SpanKind } from "@opentelemetry/api";
import type { Emitted, SeenMetric, SeenPoint, SeenRecord, SeenScope, Values } from "./emitted.ts";

// The part of OTLP's JSON form that is read here
// (opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).

interface OtlpValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

interface OtlpScope {
  readonly scope: { readonly name: string; readonly version?: string };
  readonly schemaUrl?: string;
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly events?: readonly { readonly name: string }[];
  readonly links?: readonly {
    readonly spanId: string;
    readonly attributes: readonly OtlpAttribute[];
  }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

interface OtlpPoint {
  readonly attributes: readonly OtlpAttribute[];
  readonly asInt?: number | string;
  readonly asDouble?: number;
}

interface OtlpHistogramPoint {
  readonly attributes: readonly OtlpAttribute[];
  readonly count: number | string;
  readonly sum?: number;
  readonly explicitBounds: readonly number[];
}

interface OtlpMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly sum?: { readonly isMonotonic: boolean; readonly dataPoints: readonly OtlpPoint[] };
  readonly gauge?: { readonly dataPoints: readonly OtlpPoint[] };
  readonly histogram?: { readonly dataPoints: readonly OtlpHistogramPoint[] };
}

interface OtlpRecord {
  readonly eventName?: string;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body: OtlpValue;
  readonly attributes: readonly OtlpAttribute[];
  readonly spanId?: string;
}

/** The bodies of OTLP requests, one of each kind. */
export interface OtlpBodies {
  readonly resourceSpans?: readonly {
    readonly scopeSpans: readonly (OtlpScope & { readonly spans: readonly OtlpSpan[] })[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly (OtlpScope & { readonly metrics: readonly OtlpMetric[] })[];
  }[];
  readonly resourceLogs?: readonly {
    readonly scopeLogs: readonly (OtlpScope & { readonly logRecords: readonly OtlpRecord[] })[];
  }[];
}

/** What was emitted, as a receiver elsewhere reads it out of OTLP requests. */
export function fromOtlp(bodies: OtlpBodies): Emitted {
  const { resourceSpans = [], resourceMetrics = [], resourceLogs = [] } = bodies;
  return {
    spans: resourceSpans
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap(({ spans, ...of }) => spans.map((span) => seenSpan(seenScope(of), span))),
    metrics: resourceMetrics
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(({ metrics, ...of }) => metrics.map((metric) => seenMetric(seenScope(of), metric))),
    records: resourceLogs
      .flatMap(({ scopeLogs }) => scopeLogs)
      .flatMap(({ logRecords, ...of }) => logRecords.map((log) => seenRecord(seenScope(of), log))),
  };
}

function seenSpan(scope: SeenScope, span: OtlpSpan) {
  const nanos = BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano);
  return {
    scope,
    id: span.spanId,
    traceId: span.traceId,
    parentId: span.parentSpanId,
    links: (span.links ?? []).map(({ spanId: id, attributes }) => ({
      id,
      attributes: values(attributes),
    })),
    name: span.name,
    // OTLP counts from 1, since 0 is "unspecified".
    kind: SpanKind[span.kind - 1] ?? "UNSPECIFIED",
    durationMs: Math.round(Number(nanos) / 1e6),
    status: (["unset", "ok", "error"] as const)[span.status.code ?? 0] ?? "unset",
    statusMessage: span.status.message ?? "",
    attributes: values(span.attributes),
    events: (span.events ?? []).map(({ name }) => name),
  };
}

function seenMetric(scope: SeenScope, metric: OtlpMetric): SeenMetric {
  const { name, unit, description, sum, gauge, histogram } = metric;
  const about = { scope, name, unit, description };
  if (histogram !== undefined) {
    return { ...about, kind: "histogram", points: histogram.dataPoints.map(seenHistogram) };
  }
  if (gauge !== undefined) {
    return { ...about, kind: "gauge", points: gauge.dataPoints.map(seenPoint) };
  }
  const { isMonotonic, dataPoints } = sum ?? { isMonotonic: false, dataPoints: [] };
  return {
    ...about,
    kind: isMonotonic ? "counter" : "up_down_counter",
    points: dataPoints.map(seenPoint),
  };
}

function seenPoint({ attributes, asInt, asDouble }: OtlpPoint): SeenPoint {
  return { attributes: values(attributes), value: Number(asInt ?? asDouble) };
}

function seenHistogram({ attributes, count, sum, explicitBounds }: OtlpHistogramPoint): SeenPoint {
  const value = { count: Number(count), sum: sum ?? 0, boundaries: explicitBounds };
  return { attributes: values(attributes), value };
}

function seenRecord(scope: SeenScope, record: OtlpRecord): SeenRecord {
  return {
    scope,
    eventName: record.eventName ?? "",
    severityText: record.severityText ?? "",
    severityNumber: record.severityNumber ?? 0,
    body: String(plain(record.body)),
    attributes: values(record.attributes),
    spanId: record.spanId,
  };
}

function seenScope({ scope: { name, version }, schemaUrl }: OtlpScope): SeenScope {
  return { name, version, schemaUrl };
}

function values(attributes: readonly OtlpAttribute[]): Values {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
}

function plain({ stringValue, boolValue, intValue, doubleValue }: OtlpValue) {
  if (intValue !== undefined) return Number(intValue);
  return stringValue ?? boolValue ?? doubleValue ?? "";
}

import { ATTRIBUTES, ERROR_TYPES } from "../../../src/telemetry/attributes.ts";
import { EVENTS } from "../../../src/telemetry/events.ts";
import { METRICS } from "../../../src/telemetry/metrics.ts";
import { METRIC_IDENTITY, SCOPE } from "../../../src/telemetry/registry.ts";
import { SPANS } from "../../../src/telemetry/spans.ts";
import type { Emitted, SeenMetric, SeenRecord, SeenScope, SeenSpan, Values } from "./emitted.ts";

interface Allowed {
  readonly attributes: readonly string[];
}

const SEVERITY_NUMBERS: Readonly<Record<string, number>> = {
  DEBUG: 5,
  INFO: 9,
  WARN: 13,
  ERROR: 17,
};

const KINDS = {
  ObservableCounter: "counter",
  Counter: "counter",
  ObservableUpDownCounter: "up_down_counter",
  ObservableGauge: "gauge",
  Histogram: "histogram",
} as const;

const SPANS_BY_NAME = new Map(Object.entries(SPANS));
const METRICS_BY_NAME = new Map(Object.entries(METRICS));
const EVENTS_BY_NAME = new Map(Object.entries(EVENTS));
const ATTRIBUTES_BY_NAME = new Map(Object.entries(ATTRIBUTES));

// Those of a POST are the HTTP conventions': a status, a system code, or `_OTHER`.
const OF_A_POST = /^(?:[45]\d\d|E[A-Z_]+|UND_ERR_\w+)$/;

/**
 * Where what was emitted departs from the registry: a sentence each.
 *
 * @param own Attributes that the application itself puts on spans.
 */
export function departures(
  { spans, metrics, records }: Emitted,
  own: readonly string[] = [],
): string[] {
  const ours = <S extends { readonly scope: SeenScope }>(signals: readonly S[]) =>
    signals.filter(({ scope }) => scope.name === SCOPE.name);
  return [
    ...[...ours(spans), ...ours(metrics), ...ours(records)].flatMap(({ scope }) => ofScope(scope)),
    ...ours(spans).flatMap((span) => ofSpan(span, spans, own)),
    ...ours(metrics).flatMap(ofMetric),
    ...ours(records).flatMap(ofRecord),
  ];
}

function ofScope({ version, schemaUrl }: SeenScope): string[] {
  return [
    ...unless(version === SCOPE.version, `the scope has version ${version}`),
    ...unless(schemaUrl === SCOPE.schemaUrl, `the scope has schema URL ${schemaUrl}`),
  ];
}

function ofSpan(span: SeenSpan, all: readonly SeenSpan[], own: readonly string[]): string[] {
  const { name, kind, attributes, parentId, traceId } = span;
  const definition = SPANS_BY_NAME.get(name);
  if (definition === undefined) return [`no span is called ${name}`];
  const withoutOwn = Object.fromEntries(
    Object.entries(attributes).filter(([attribute]) => !own.includes(attribute)),
  );
  const parent = all.find(({ id }) => id === parentId);
  return [
    ...unless(kind === definition.kind, `${name} is of kind ${kind}`),
    ...unless(parent === undefined || parent.traceId === traceId, `${name} left its trace`),
    ...unless((span.status === "error") === "error.type" in attributes, `${name}: status or type`),
    ...ofAttributes(name, withoutOwn, definition),
  ];
}

function ofMetric({ name, unit, description, kind, points }: SeenMetric): string[] {
  const definition = METRICS_BY_NAME.get(name);
  if (definition === undefined) return [`no metric is called ${name}`];
  const identity = "identified" in definition ? METRIC_IDENTITY : [];
  const allowed = { attributes: [...definition.attributes, ...identity] };
  const buckets = "buckets" in definition ? definition.buckets.join() : "";
  return [
    ...unless(unit === definition.unit, `${name} has unit ${unit}`),
    ...unless(description === definition.description, `${name} is described as ${description}`),
    ...unless(kind === KINDS[definition.instrument], `${name} is a ${kind}`),
    ...points.flatMap(({ value, attributes }) => [
      ...unless(
        (typeof value === "number" ? "" : value.boundaries.join()) === buckets,
        `${name} has other buckets`,
      ),
      ...ofAttributes(name, attributes, allowed),
    ]),
  ];
}

function ofRecord({ eventName, severityText, severityNumber, attributes }: SeenRecord): string[] {
  const definition = EVENTS_BY_NAME.get(eventName);
  if (definition === undefined) return [`no event is called ${eventName}`];
  const severities: readonly string[] = definition.severities;
  return [
    ...unless(severities.includes(severityText), `${eventName} has severity ${severityText}`),
    ...unless(severityNumber === SEVERITY_NUMBERS[severityText], `${eventName}: ${severityNumber}`),
    ...ofAttributes(eventName, attributes, definition),
  ];
}

function ofAttributes(owner: string, attributes: Values, { attributes: names }: Allowed): string[] {
  return Object.entries(attributes).flatMap(([name, value]) => [
    ...unless(names.includes(name), `${owner} has an attribute ${name}`),
    ...unless(isAllowed(name, value, owner), `${owner} has ${name} ${value}`),
  ]);
}

function isAllowed(name: string, value: Values[string], owner: string): boolean {
  const definition = ATTRIBUTES_BY_NAME.get(name);
  if (definition === undefined || typeof value !== definition.type) return false;
  const errorTypes: readonly unknown[] = ERROR_TYPES;
  const isOfPost = /^POST$|request\.duration$/.test(owner) && OF_A_POST.test(String(value));
  if (name === "error.type") return isOfPost || errorTypes.includes(value);
  const values: readonly unknown[] = "values" in definition ? definition.values : [value];
  return values.includes(value);
}

function unless(isSo: boolean, departure: string): string[] {
  return isSo ? [] : [departure];
}

import { ATTRIBUTES } from "../../src/telemetry/attributes.ts";
import { EVENTS } from "../../src/telemetry/events.ts";
import { METRICS } from "../../src/telemetry/metrics.ts";
import { METRIC_IDENTITY } from "../../src/telemetry/registry.ts";
import { SPANS } from "../../src/telemetry/spans.ts";
import { mostIdentifiedSets, mostSets } from "./bounds.ts";
import { code, codes, markdownTable } from "./markdown-table.ts";
import { collectorName, directName, METRIC_NAMES } from "./prometheus-names.ts";

// What the registry tells in prose.
const PLACES: Readonly<Record<keyof typeof SPANS, readonly [parent: string, links: string]>> = {
  "ClientAssertionCredential.getToken": [
    "the caller's `tracingOptions.tracingContext` if it holds a span, else the active span",
    "to the flight it waited for",
  ],
  "entra.credential.refresh": ["none: a trace of its own", "to the calls that wait for it"],
  "entra.credential.assertion": ["the refresh", "none"],
  POST: ["the refresh", "none"],
};

/** Spans: what they are and where they hang. */
export function spanTable(): string {
  const rows = Object.entries(PLACES).map(([name, [parent, links]]) => {
    const { kind } = definitionOf(SPANS, name);
    return [code(name), kind, parent, links];
  });
  return markdownTable(["span", "kind", "parent", "links"], rows);
}

/** Spans: what they carry. */
export function spanAttributeTable(): string {
  const rows = Object.entries(SPANS).map(([name, { attributes }]) => [
    code(name),
    codes(attributes),
  ]);
  return markdownTable(["span", "attributes"], rows);
}

/** Metrics: what they tell. */
export function metricTable(): string {
  const rows = METRIC_NAMES.map((name) => {
    const { instrument, unit, description } = METRICS[name];
    return [code(name), instrument, code(unit), description];
  });
  return markdownTable(["metric", "instrument", "unit", "what it tells"], rows);
}

/** Metrics: what they carry, and how many series that can make. */
export function seriesTable(): string {
  const rows = METRIC_NAMES.map((name) => {
    const { attributes } = METRICS[name];
    const sets = mostSets(name);
    const identified = mostIdentifiedSets(name);
    const most = sets === undefined ? "as the authority answers" : String(sets);
    return [
      code(name),
      codes(attributes),
      most,
      identified === sets ? "the same" : String(identified),
    ];
  });
  const head = ["metric", "attributes", "at most", "with `metricAttributes`"];
  return markdownTable(head, rows);
}

/** Histograms: where their buckets end. */
export function bucketTable(): string {
  const rows = METRIC_NAMES.flatMap((name) => {
    const metric = METRICS[name];
    return "buckets" in metric ? [[code(name), metric.buckets.join(" ")]] : [];
  });
  return markdownTable(["histogram", "buckets, in seconds"], rows);
}

/** Metrics: their names in Prometheus. */
export function prometheusTable(): string {
  const rows = METRIC_NAMES.map((name) => [code(collectorName(name)), code(directName(name))]);
  return markdownTable(["by the Collector", "scraped directly"], rows);
}

/** Log events: when, how grave, and what they carry. */
export function eventTable(): string {
  const rows = Object.entries(EVENTS).map(([name, { severities, description, attributes }]) => [
    code(name),
    severities.join(" "),
    description,
    codes(attributes),
  ]);
  return markdownTable(["event name", "severity", "when", "attributes"], rows);
}

/** Attributes: their values, their meaning, and what carries them. */
export function attributeTable(): string {
  const rows = Object.entries(ATTRIBUTES).map(([name, attribute]) => {
    const values = "values" in attribute ? codes(attribute.values) : typeOf(attribute);
    return [code(name), values, carriersOf(name), attribute.description];
  });
  return markdownTable(["attribute", "values", "on", "meaning"], rows);
}

function typeOf(attribute: { readonly type: string; readonly unit?: string }): string {
  return attribute.unit === undefined ? attribute.type : `${attribute.type}, ${attribute.unit}`;
}

function carriersOf(attribute: string): string {
  const carriers = { span: SPANS, metric: METRICS, log: EVENTS };
  const certain = Object.entries(carriers).flatMap(([carrier, table]) =>
    carries(table, attribute) ? [carrier] : [],
  );
  const isOptional = METRIC_IDENTITY.some((name) => name === attribute);
  return [...certain, ...(isOptional ? ["(metric)"] : [])].join(" ");
}

function carries(
  table: Readonly<Record<string, { readonly attributes: readonly string[] }>>,
  attribute: string,
): boolean {
  return Object.values(table).some(({ attributes }) => attributes.includes(attribute));
}

function definitionOf<D>(table: Readonly<Record<string, D>>, name: string): D {
  const definition = table[name];
  if (definition === undefined) throw new Error(`the registry has no ${name}`);
  return definition;
}

import { METRICS } from "../../../src/telemetry/metrics.ts";
import { SCOPE } from "../../../src/telemetry/registry.ts";
import type { Emitted, SeenMetric, SeenPoint, SeenRecord, SeenSpan, Values } from "./emitted.ts";
import { ABBREVIATIONS, PREFIX, SHORT_NAMES } from "./short-names.ts";

/** What was emitted, a line each; all of it, with names shortened as in short-names.ts. */
export interface Lines {
  /**
   * In the order they began: number, name, kind, duration; `in` its parent, `to` the spans it links to;
   * `ERROR` with its message; attributes.
   */
  readonly spans: readonly string[];
  /** Counters and histograms, what adds up: name, unit, attributes, and the value or count and sum. */
  readonly counts: readonly string[];
  /** Gauges and up-down counters, what is so at the moment: name, unit, attributes, value. */
  readonly state: readonly string[];
  /** In their order: severity, name, `in` the span whose context it has, attributes, text. */
  readonly logs: readonly string[];
}

/**
 * Writes down what was emitted. Times become durations, ids become numbers: spans count in the order
 * they began, correlation ids in the order they appear. Buckets are left to the registry's checks.
 */
export function written(emitted: Emitted): Lines {
  const pen = new Pen(emitted);
  const metrics = [...emitted.metrics].sort((a, b) => rank(a) - rank(b));
  const points = (isFor: (metric: SeenMetric) => boolean) =>
    metrics.filter(isFor).flatMap((metric) => pen.metric(metric));
  return {
    spans: pen.order.map((span) => pen.span(span)),
    counts: points(({ kind }) => kind === "counter" || kind === "histogram"),
    state: points(({ kind }) => kind === "gauge" || kind === "up_down_counter"),
    logs: emitted.records.map((record) => pen.record(record)),
  };
}

const ORDER: readonly string[] = Object.keys(SHORT_NAMES);
const METRIC_ORDER: readonly string[] = Object.keys(METRICS);
const SHORT: ReadonlyMap<string, string> = new Map(Object.entries(SHORT_NAMES));

class Pen {
  readonly order: readonly SeenSpan[];
  readonly #numbers: ReadonlyMap<string, string>;
  readonly #correlations = new Map<unknown, string>();

  constructor({ spans }: Emitted) {
    this.order = [...spans].sort((a, b) => (a.id < b.id ? -1 : 1));
    this.#numbers = new Map(this.order.map(({ id }, index) => [id, String(index + 1)]));
  }

  span(span: SeenSpan): string {
    const links = span.links.map(({ id, attributes }) =>
      [this.#number(id), this.#attributes(attributes)].filter((part) => part !== "").join(" "),
    );
    const foreign = span.scope.name === SCOPE.name ? "" : `${span.scope.name}/`;
    return joined(
      this.#number(span.id),
      `${foreign}${shortened(span.name)}`,
      span.kind,
      `${span.durationMs}ms`,
      span.parentId === undefined ? "" : `in ${this.#number(span.parentId)}`,
      links.length === 0 ? "" : `to ${links.join(",")}`,
      status(span),
      this.#attributes(span.attributes),
      span.events.length === 0 ? "" : `events ${span.events.join(",")}`,
    );
  }

  metric({ name, unit, points }: SeenMetric): string[] {
    return points
      .map(({ attributes, value }) =>
        joined(shortened(name), unit, `${this.#attributes(attributes)}:`, figure(name, value)),
      )
      .sort();
  }

  record({ severityText, eventName, spanId, attributes, body }: SeenRecord): string {
    return joined(
      severityText,
      shortened(eventName),
      spanId === undefined ? "" : `in ${this.#number(spanId)}`,
      this.#attributes(attributes),
      JSON.stringify(body),
    );
  }

  #number(spanId: string): string {
    return this.#numbers.get(spanId) ?? "?";
  }

  #attributes(values: Values): string {
    const names = Object.keys(values).sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
    const text = names.map((name) => this.#attribute(name, values[name])).join(" ");
    return ABBREVIATIONS.reduce((so, [long, short]) => so.replaceAll(long, short), text);
  }

  #attribute(name: string, value: unknown): string {
    const word = SHORT.get(name) ?? name;
    if (name !== "entra.correlation.id") return `${word}=${value}`;
    const known = this.#correlations.get(value) ?? `#${this.#correlations.size + 1}`;
    this.#correlations.set(value, known);
    return `${word}=${known}`;
  }
}

function status({ status, statusMessage }: SeenSpan): string {
  if (status === "unset") return statusMessage;
  const word = status.toUpperCase();
  return statusMessage === "" ? word : `${word}(${statusMessage})`;
}

function figure(metric: string, value: SeenPoint["value"]): string {
  if (typeof value !== "number") return `n=${value.count} sum=${rounded(value.sum)}`;
  const isMoment = metric.endsWith(".timestamp") && value > 0;
  return isMoment ? new Date(value * 1_000).toISOString() : String(rounded(value));
}

// Differences of a clock that counts in fractions of milliseconds are off in the last digit.
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** A name of the registry as the pages have it. */
export function shortened(name: string): string {
  const [long, short] = PREFIX;
  return name.startsWith(long) ? `${short}${name.slice(long.length)}` : name;
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

function place(name: string): number {
  const at = ORDER.indexOf(name);
  return at < 0 ? ORDER.length : at;
}

function rank({ name }: SeenMetric): number {
  return METRIC_ORDER.indexOf(name);
}

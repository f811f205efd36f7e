import type { Attributes } from "@opentelemetry/api";

/** A span that another process made. */
export interface SpanFacts {
  readonly name: string;
  readonly kind: string;
  /** Who made it. */
  readonly scope: string;
  readonly traceId: string;
  readonly spanId: string;
  /** `none` for a root. */
  readonly parentSpanId: string;
  /** The ids of the spans it links to. */
  readonly links: readonly string[];
  readonly attributes: Attributes;
}

/** A series of a histogram that another process recorded. */
export interface TimedSeries {
  readonly metric: string;
  /** Who recorded it. */
  readonly scope: string;
  readonly attributes: Attributes;
  readonly count: number;
}

/** What the SDK of a process got. */
export interface Telling {
  /** In the order of their end. */
  readonly spans: readonly SpanFacts[];
  readonly durations: readonly TimedSeries[];
}

/** The only span that has all these traits. */
export function theSpan(spans: readonly SpanFacts[], traits: Partial<SpanFacts>): SpanFacts {
  const wanted = Object.entries(traits);
  const [span, ...more] = spans.filter((given) =>
    wanted.every(([trait, value]) => Reflect.get(given, trait) === value),
  );
  if (span !== undefined && more.length === 0) return span;
  const known = spans.map(({ name }) => name).join(", ");
  const count = span === undefined ? 0 : more.length + 1;
  throw new Error(`${count} spans are ${JSON.stringify(traits)} among ${known}`);
}

/** The values of attributes. */
export type Values = Readonly<Record<string, string | number | boolean>>;

/** The instrumentation scope that a signal came from. */
export interface SeenScope {
  readonly name: string;
  readonly version: string | undefined;
  readonly schemaUrl: string | undefined;
}

export interface SeenSpan {
  readonly scope: SeenScope;
  readonly id: string;
  readonly traceId: string;
  readonly parentId: string | undefined;
  readonly links: readonly { readonly id: string; readonly attributes: Values }[];
  readonly name: string;
  readonly kind: string;
  readonly durationMs: number;
  readonly status: "unset" | "ok" | "error";
  readonly statusMessage: string;
  readonly attributes: Values;
  /** The names of the span's own events. */
  readonly events: readonly string[];
}

export interface SeenMetric {
  readonly scope: SeenScope;
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly kind: "counter" | "up_down_counter" | "gauge" | "histogram";
  readonly points: readonly SeenPoint[];
}

export interface SeenPoint {
  readonly attributes: Values;
  readonly value: number | SeenHistogram;
}

interface SeenHistogram {
  readonly count: number;
  readonly sum: number;
  readonly boundaries: readonly number[];
}

export interface SeenRecord {
  readonly scope: SeenScope;
  readonly eventName: string;
  readonly severityText: string;
  readonly severityNumber: number;
  readonly body: string;
  readonly attributes: Values;
  readonly spanId: string | undefined;
}

/** All that an application's exporters got, whichever way they got it. */
export interface Emitted {
  readonly spans: readonly SeenSpan[];
  readonly metrics: readonly SeenMetric[];
  readonly records: readonly SeenRecord[];
}

import type { ATTRIBUTES, ERROR_TYPES } from "./attributes.ts";
import type { EVENTS } from "./events.ts";
import type { METRICS } from "./metrics.ts";
import type { METRIC_IDENTITY } from "./registry.ts";
import type { SPANS } from "./spans.ts";

/** The name of an attribute in the registry. */
type AttributeName = keyof typeof ATTRIBUTES;

/** The name of a span in the registry. */
export type SpanName = keyof typeof SPANS;

/** The name of a log event in the registry. */
export type EventName = keyof typeof EVENTS;

/** The name of a metric in the registry. */
type MetricName = keyof typeof METRICS;

/** How a metric is taken. */
type Instrument = (typeof METRICS)[MetricName]["instrument"];

/** The name of a metric that is taken in this way. */
export type MetricOf<I extends Instrument> = {
  [N in MetricName]: (typeof METRICS)[N]["instrument"] extends I ? N : never;
}[MetricName];

/** What `error.type` can be, save on a POST. */
export type ErrorType = (typeof ERROR_TYPES)[number];

/** An attribute that an application may put on metrics as well. */
export type IdentityName = (typeof METRIC_IDENTITY)[number];

/** Values for the attributes of these names, as the registry allows them. */
export type AttributeValues<N extends AttributeName> = {
  readonly [K in N]?: AttributeValue<(typeof ATTRIBUTES)[K]>;
};

/** The attributes the registry gives a span. */
export type SpanAttributes<S extends SpanName> = AttributeValues<
  (typeof SPANS)[S]["attributes"][number]
>;

/** The attributes the registry gives a metric. */
export type MetricAttributes<M extends MetricName> = AttributeValues<
  | (typeof METRICS)[M]["attributes"][number]
  | ((typeof METRICS)[M] extends { readonly identified: true } ? IdentityName : never)
>;

/** The attributes the registry gives an event. */
export type EventAttributes<E extends EventName> = AttributeValues<
  (typeof EVENTS)[E]["attributes"][number]
>;

/** The severities the registry gives an event. */
export type EventSeverity<E extends EventName = EventName> =
  (typeof EVENTS)[E]["severities"][number];

type AttributeValue<D> = D extends { readonly values: readonly (infer V)[] }
  ? V
  : D extends { readonly type: "number" }
    ? number
    : string;

import type { ATTRIBUTES, ERROR_TYPES, METRICS, SPANS } from "./registry.ts";

/** The name of an attribute in the registry. */
type AttributeName = keyof typeof ATTRIBUTES;

/** The name of a span in the registry. */
export type SpanName = keyof typeof SPANS;

/** The name of a metric in the registry. */
type MetricName = keyof typeof METRICS;

/** The name of a metric that is a histogram. */
export type HistogramName = {
  [N in MetricName]: (typeof METRICS)[N]["instrument"] extends "Histogram" ? N : never;
}[MetricName];

/** What `error.type` can be, save on a POST. */
export type ErrorType = (typeof ERROR_TYPES)[number];

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
  (typeof METRICS)[M]["attributes"][number]
>;

type AttributeValue<D> = D extends { readonly values: readonly (infer V)[] }
  ? V
  : D extends { readonly type: "number" }
    ? number
    : string;

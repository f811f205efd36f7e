import type { Emitted, SeenMetric, Values } from "./emitted.ts";

const CALL = "ClientAssertionCredential.getToken";

/** A span, and the metric that counts the same failures under the same attributes. */
const PAIRS: readonly (readonly [span: string, metric: string, by: readonly string[]])[] = [
  [CALL, "entra.credential.token.acquisitions", ["entra.credential.token.source"]],
  [
    "entra.credential.refresh",
    "entra.credential.token.refresh.duration",
    ["entra.credential.refresh.trigger"],
  ],
  [
    "entra.credential.assertion",
    "entra.credential.assertion.duration",
    ["entra.credential.assertion.kind"],
  ],
  ["POST", "entra.credential.authority.request.duration", ["http.response.status_code"]],
];

/** Failures by their attributes, such as `none timeout: 2`. */
export interface Failures {
  readonly onSpans: readonly string[];
  readonly onMetrics: readonly string[];
}

/** How often each error.type stands on spans of a kind, and how often on the metric of the same thing. */
export function failures({ spans, metrics }: Emitted): Failures[] {
  return PAIRS.map(([name, metric, by]) => ({
    onSpans: tallied(
      name,
      by,
      spans
        .filter((span) => span.name === name)
        .map(({ attributes }) => ({ attributes, times: 1 })),
    ),
    onMetrics: tallied(name, by, metrics.filter((one) => one.name === metric).flatMap(counted)),
  }));
}

/** Failed calls that waited are counted twice, and alike: in the duration as in the acquisitions. */
function counted({ points }: SeenMetric) {
  return points.map(({ attributes, value }) => ({
    attributes,
    times: typeof value === "number" ? value : value.count,
  }));
}

function tallied(
  name: string,
  by: readonly string[],
  figures: readonly { readonly attributes: Values; readonly times: number }[],
): string[] {
  const tally = new Map<string, number>();
  for (const { attributes, times } of figures) {
    const { "error.type": error } = attributes;
    if (error === undefined) continue;
    const key = [name, ...by.map((attribute) => attributes[attribute] ?? "-"), error].join(" ");
    tally.set(key, (tally.get(key) ?? 0) + times);
  }
  return [...tally].map(([key, times]) => `${key}: ${times}`).sort();
}

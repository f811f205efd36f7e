import type { Meter, ObservableResult } from "@opentelemetry/api";
import { ATTRIBUTES } from "../telemetry/attributes.ts";
import { type LiveCredential, liveCredentials } from "../telemetry/live-credentials.ts";
import { METRICS } from "../telemetry/metrics.ts";
import type { MetricAttributes, MetricOf } from "../telemetry/registry-types.ts";
import { seriesBook } from "../telemetry/series.ts";
import { Tally } from "../telemetry/tally.ts";
import { watchedCircuits } from "../telemetry/watched-circuits.ts";
import { warnOfFailure } from "./otel-diag.ts";

type Observed = MetricOf<"ObservableCounter" | "ObservableGauge" | "ObservableUpDownCounter">;

type Reading<M extends Observed> = Iterable<
  readonly [value: number, attributes: MetricAttributes<M>]
>;

const CREATE = {
  ObservableCounter: "createObservableCounter",
  ObservableGauge: "createObservableGauge",
  ObservableUpDownCounter: "createObservableUpDownCounter",
} as const;

// The SDK repeats the last value of a series forever, unless it is told another: a closed credential
// would keep its tokens, and an expiry that nobody waits for any more would pass. Counters stay by
// their nature, and a budget that is gone must not look used up.
const GONE_AS: { readonly [M in Observed]: 0 | undefined } = {
  "entra.credential.token.acquisitions": undefined,
  "entra.credential.token.request.active": 0,
  "entra.credential.token.expiry.timestamp": 0,
  "entra.credential.assertion.expiry.timestamp": 0,
  "entra.credential.cache.usage": 0,
  "entra.credential.cache.limit": 0,
  "entra.credential.circuit_breaker.status": 0,
  "entra.credential.retry_budget.remaining": undefined,
};

/**
 * Makes the observable instruments of a meter. Each looks, when the metrics are collected, at what
 * there is then: nothing has to be announced, and a provider that comes late misses nothing.
 */
export function observe(meter: Meter): void {
  tie(meter, "entra.credential.token.acquisitions", acquisitions);
  tie(meter, "entra.credential.token.request.active", activeRequests);
  tie(meter, "entra.credential.token.expiry.timestamp", tokenExpiries);
  tie(meter, "entra.credential.assertion.expiry.timestamp", certificateExpiries);
  tie(meter, "entra.credential.cache.usage", cacheUsage);
  tie(meter, "entra.credential.cache.limit", cacheLimits);
  tie(meter, "entra.credential.circuit_breaker.status", circuitStates);
  tie(meter, "entra.credential.retry_budget.remaining", retriesLeft);
}

function tie<M extends Observed>(meter: Meter, metric: M, read: () => Reading<M>): void {
  const { instrument, unit, description } = METRICS[metric];
  const observable = meter[CREATE[instrument]](metric, { unit, description });
  const goneAs = GONE_AS[metric];
  const seen = new Map<string, MetricAttributes<M>>();
  observable.addCallback((result: ObservableResult) => {
    const gone = new Map(seen);
    for (const [value, attributes] of read()) {
      result.observe(value, { ...attributes });
      if (goneAs === undefined) continue;
      const key = JSON.stringify(attributes);
      seen.set(key, attributes);
      gone.delete(key);
    }
    for (const attributes of gone.values()) result.observe(goneAs ?? 0, { ...attributes });
  });
}

function* acquisitions(): Reading<"entra.credential.token.acquisitions"> {
  for (const series of seriesBook.all()) {
    for (const { source, errorType, count } of series.read()) {
      const attributes = { ...series.attributes, "entra.credential.token.source": source };
      yield [
        count,
        errorType === undefined ? attributes : { ...attributes, "error.type": errorType },
      ];
    }
  }
}

function* activeRequests(): Reading<"entra.credential.token.request.active"> {
  for (const { name, active } of seriesBook.named()) {
    for (const state of ATTRIBUTES["entra.credential.token.request.state"].values) {
      const attributes = { "entra.credential.name": name };
      yield [active[state], { ...attributes, "entra.credential.token.request.state": state }];
    }
  }
}

function* tokenExpiries(): Reading<"entra.credential.token.expiry.timestamp"> {
  const tally = new Tally<MetricAttributes<"entra.credential.token.expiry.timestamp">>();
  for (const credential of liveCredentials()) {
    for (const [attributes, expiresOn] of credential.survey().expiries) {
      tally.least(attributes, expiresOn / 1_000);
    }
  }
  yield* tally.figures();
}

function* certificateExpiries(): Reading<"entra.credential.assertion.expiry.timestamp"> {
  const tally = new Tally<MetricAttributes<"entra.credential.assertion.expiry.timestamp">>();
  for (const credential of liveCredentials()) {
    const expiresOn = quietly(() => credential.certificateExpiresOn());
    if (expiresOn === undefined) continue;
    const attributes = {
      ...nameOf(credential),
      "entra.credential.assertion.kind": credential.assertionKind,
    };
    tally.least(attributes, expiresOn / 1_000);
  }
  yield* tally.figures();
}

function* cacheUsage(): Reading<"entra.credential.cache.usage"> {
  const tally = new Tally<MetricAttributes<"entra.credential.cache.usage">>();
  for (const credential of liveCredentials()) {
    tally.add(nameOf(credential), credential.survey().usable);
  }
  yield* tally.figures();
}

function* cacheLimits(): Reading<"entra.credential.cache.limit"> {
  const tally = new Tally<MetricAttributes<"entra.credential.cache.limit">>();
  for (const credential of liveCredentials()) tally.add(nameOf(credential), credential.limit);
  yield* tally.figures();
}

function* circuitStates(): Reading<"entra.credential.circuit_breaker.status"> {
  const tally = new Tally<MetricAttributes<"entra.credential.circuit_breaker.status">>();
  for (const circuit of watchedCircuits()) {
    const now = quietly(() => circuit.state());
    if (now === undefined) continue;
    for (const state of ATTRIBUTES["entra.credential.circuit_breaker.state"].values) {
      const attributes = { ...circuit.attributes, "entra.credential.circuit_breaker.state": state };
      tally.add(attributes, state === now ? 1 : 0);
    }
  }
  yield* tally.figures();
}

function* retriesLeft(): Reading<"entra.credential.retry_budget.remaining"> {
  const tally = new Tally<MetricAttributes<"entra.credential.retry_budget.remaining">>();
  for (const circuit of watchedCircuits()) {
    const left = quietly(() => circuit.retriesLeft());
    if (left !== undefined) tally.least(circuit.attributes, left);
  }
  yield* tally.figures();
}

function nameOf({ name }: LiveCredential): { readonly "entra.credential.name": string } {
  return { "entra.credential.name": name };
}

// A getAssertion or a resilience of the caller's own may throw when it is read: the others are read
// all the same.
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    warnOfFailure(error);
    return undefined;
  }
}

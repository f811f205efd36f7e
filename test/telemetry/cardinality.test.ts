import { metrics } from "@opentelemetry/api";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { isIdentified, mostIdentifiedSets } from "../../scripts/telemetry-docs/bounds.ts";
import { METRIC_NAMES, type MetricName } from "../../scripts/telemetry-docs/prometheus-names.ts";
import { ClientAssertionCredential, type EndpointResponse } from "../../src/index.ts";
import { CLIENT, SCOPE, TENANT } from "../support/credentials.ts";
import { Sdk } from "../support/otel-sdk.ts";
import { times } from "../support/times.ts";

vi.setConfig({ hookTimeout: 60_000 });

const TENANTS = times(10_000, (index) => `tenant-${index}.example`);
const KNOWN = TENANTS.slice(0, 50);
const TENANT_ID = "entra.tenant.id";

/** One set of attributes of a metric, and how much it counts. */
interface Point {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly count: number;
}

/** What became of the calls, as those saw it who made and answered them. */
interface Truth {
  calls: number;
  hits: number;
  errors: number;
  requests: number;
  throttled: number;
  unavailable: number;
  issued: number;
}

describe("ten thousand tenants, each a value of an attribute on metrics", () => {
  const truth: Truth = {
    calls: 0,
    hits: 0,
    errors: 0,
    requests: 0,
    throttled: 0,
    unavailable: 0,
    issued: 0,
  };
  let points: ReadonlyMap<string, readonly Point[]>;
  const pointsOf = (metric: MetricName) => points.get(metric) ?? [];

  beforeAll(async () => {
    points = await callForAll(truth);
  });

  test.each(METRIC_NAMES.filter(isIdentified))("%s stays within its documented bound", (metric) => {
    const sets = pointsOf(metric);

    expect(sets.length).toBeGreaterThan(0);
    expect(sets.length).toBeLessThanOrEqual(mostIdentifiedSets(metric) ?? 0);
  });

  test.each(METRIC_NAMES.filter(isIdentified))(
    "%s tells the first fifty apart, and that there are others",
    (metric) => {
      const told = new Set(pointsOf(metric).map(({ attributes }) => attributes[TENANT_ID]));

      expect(told).toContain("_OTHER");
      expect([...told].filter((tenant) => !KNOWN.some((known) => known === tenant))).toEqual([
        "_OTHER",
      ]);
      expect(told.size).toBeGreaterThan(1);
    },
  );

  test.each(METRIC_NAMES.filter((metric) => !isIdentified(metric)))(
    "%s knows no tenants",
    (metric) => {
      expect(pointsOf(metric).filter(({ attributes }) => TENANT_ID in attributes)).toEqual([]);
    },
  );

  test("each of the first fifty has exactly its calls, and the others all the rest", () => {
    const byTenant = sums(pointsOf("entra.credential.token.acquisitions"), TENANT_ID);

    expect(byTenant).toEqual({
      ...Object.fromEntries(KNOWN.map((tenant) => [tenant, 2])),
      _OTHER: truth.calls - 2 * KNOWN.length,
    });
  });

  test("the calls by source and error are those that were made, to the unit", () => {
    const acquisitions = pointsOf("entra.credential.token.acquisitions");

    expect(total(acquisitions)).toBe(truth.calls);
    expect(sums(acquisitions, "entra.credential.token.source")).toEqual({
      cache: truth.hits,
      authority: truth.calls - truth.hits - truth.errors,
      none: truth.errors,
    });
    expect(sums(acquisitions, "error.type")).toMatchObject({ invalid_scope: truth.errors });
  });

  test("what the authority saw is what the other metrics add up to, to the unit", () => {
    const retries = truth.throttled + truth.unavailable;

    expect({
      lifetimes: total(pointsOf("entra.credential.token.lifetime")),
      retries: total(pointsOf("entra.credential.token.refresh.retries")),
      throttles: total(pointsOf("entra.credential.authority.throttle.duration")),
      requests: total(pointsOf("entra.credential.authority.request.duration")),
      flights: total(pointsOf("entra.credential.token.refresh.duration")),
      cached: total(pointsOf("entra.credential.cache.usage")),
    }).toEqual({
      lifetimes: truth.issued,
      retries,
      throttles: truth.throttled,
      requests: truth.requests,
      flights: truth.requests - retries,
      cached: truth.issued,
    });
  });

  test("the SDK had no need of an overflow of its own", () => {
    const all = [...points.values()].flat();

    expect(all.filter(({ attributes }) => "otel.metric.overflow" in attributes)).toEqual([]);
  });
});

/** Two calls for each tenant, the second when the first has its answer. */
async function callForAll(truth: Truth): Promise<ReadonlyMap<string, readonly Point[]>> {
  vi.useFakeTimers();
  const sdk = new Sdk();
  metrics.setGlobalMeterProvider(sdk.meterProvider);
  const credential = new ClientAssertionCredential(TENANT, CLIENT, async () => "an-assertion", {
    additionallyAllowedTenants: ["*"],
    transport: authority(truth),
    telemetry: { name: "many", metricAttributes: [TENANT_ID] },
    resilience: { deadlineMs: false, retryBudget: false, circuitBreaker: false },
  });
  try {
    await callEach(credential, truth);
    truth.hits = await callEach(credential, truth);
    const { scopeMetrics } = await sdk.collect();
    return new Map(
      scopeMetrics
        .flatMap(({ metrics }) => metrics)
        .map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.map(pointOf)]),
    );
  } finally {
    await credential.close();
    metrics.disable();
    vi.useRealTimers();
  }
}

async function callEach(credential: ClientAssertionCredential, truth: Truth): Promise<number> {
  const outcomes: PromiseSettledResult<unknown>[] = [];
  // Not all at once: fake timers are slow when there are many.
  for (let first = 0; first < TENANTS.length; first += 250) {
    const calls = TENANTS.slice(first, first + 250).map((tenantId) =>
      credential.getToken(SCOPE, { tenantId }),
    );
    const settled = Promise.allSettled(calls);
    await vi.advanceTimersByTimeAsync(10_000);
    outcomes.push(...(await settled));
  }
  const failed = outcomes.filter(({ status }) => status === "rejected");
  truth.calls += outcomes.length;
  truth.errors += failed.length;
  return outcomes.length - failed.length;
}

/** Of ten tenants one is refused for good, one has bad luck at first, and one is throttled at first. */
function authority(truth: Truth) {
  const asked = new Set<string>();
  const answer = (tenant: string): EndpointResponse => {
    const kind = Number(tenant.match(/\d+/)?.[0]) % 10;
    const isFirst = !asked.has(tenant);
    asked.add(tenant);
    if (kind === 1) return refusal(400, "invalid_scope");
    if (kind === 2 && isFirst) {
      truth.unavailable += 1;
      return refusal(503, "temporarily_unavailable");
    }
    if (kind === 3 && isFirst) {
      truth.throttled += 1;
      return refusal(429, "throttled", { "retry-after": "1" });
    }
    truth.issued += 1;
    const grant = { token_type: "Bearer", expires_in: 3600, access_token: "a-token" };
    return { status: 200, headers: {}, body: JSON.stringify(grant) };
  };
  return {
    post: async ({ url }: { readonly url: string }) => {
      truth.requests += 1;
      return answer(new URL(url).pathname.split("/")[1] ?? "");
    },
  };
}

function refusal(
  status: number,
  error: string,
  headers: EndpointResponse["headers"] = {},
): EndpointResponse {
  return { status, headers, body: JSON.stringify({ error, error_description: "A reason." }) };
}

function pointOf({
  attributes,
  value,
}: {
  readonly attributes: object;
  readonly value: unknown;
}): Point {
  const count = typeof value === "number" ? value : Reflect.get(Object(value), "count");
  return { attributes: { ...attributes }, count: Number(count) };
}

function total(points: readonly Point[]): number {
  return points.reduce((sum, { count }) => sum + count, 0);
}

function sums(points: readonly Point[], attribute: string): Record<string, number> {
  const byValue: Record<string, number> = {};
  for (const { attributes, count } of points) {
    const value = String(attributes[attribute]);
    byValue[value] = (byValue[value] ?? 0) + count;
  }
  return byValue;
}

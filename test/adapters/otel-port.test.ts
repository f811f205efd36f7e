import { type HrTime, type Link, ROOT_CONTEXT, SpanStatusCode, trace } from "@opentelemetry/api";
import { type Sampler, SamplingDecision, TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { OtelObserver } from "../../src/adapters/otel-observer.ts";
import type { Activity, Outcome } from "../../src/core/events.ts";
import type { Observation } from "../../src/core/ports.ts";
import { CachedToken } from "../../src/domain/cached-token.ts";
import { AcquisitionTimeoutError, CredentialClosedError } from "../../src/domain/errors.ts";
import { parseTenant } from "../../src/domain/tenant.ts";
import { times } from "../support/times.ts";
import { linked, Sdk, useCleanGlobals } from "./otel-sdk.ts";

const GET_TOKEN = "ClientAssertionCredential.getToken";
const REFRESH = "entra.credential.refresh";

const CALL: Activity = {
  type: "acquisition",
  tenantId: "tenant",
  resource: "resource",
  callerContext: undefined,
};
const FLIGHT: Activity = {
  type: "flight",
  trigger: "on_demand",
  tenantId: "tenant",
  resource: "resource",
  correlationId: "correlation",
};
const ISSUED: Outcome = { type: "issued", attempts: 1 };
const ABANDONED: Outcome = { type: "abandoned" };
const CLOSED: Outcome = { type: "failed", error: new CredentialClosedError("closed") };

useCleanGlobals();

function observer(name = "port"): OtelObserver {
  return new OtelObserver({ name, clientId: "client", assertionKind: "certificate" });
}

/** A call and the flight begun for it, as the core begins them. */
function board(on: OtelObserver): { readonly call: Observation; readonly flight: Observation } {
  const call = on.begin(CALL);
  const flight = on.begin(FLIGHT);
  call.joined(flight);
  return { call, flight };
}

function hrTimeToMs([seconds, nanos]: HrTime): number {
  return seconds * 1_000 + nanos / 1_000_000;
}

test("a flight links to 32 of its callers and counts all", () => {
  const sdk = new Sdk().register();
  const on = observer();
  const { call, flight } = board(on);

  const others = times(99, () => on.begin(CALL));
  for (const other of others) other.joined(flight);
  for (const ended of [call, ...others]) ended.end(ABANDONED);
  flight.end(ISSUED);

  const { links, attributes } = sdk.span(REFRESH);
  const callers = sdk.spans(GET_TOKEN).map((span) => span.spanContext().spanId);
  expect(linked(links)).toEqual(callers.slice(0, 32));
  expect(attributes["entra.credential.refresh.waiter_count"]).toBe(100);
});

test("a sampler sees the link to the first caller", () => {
  const seen = new Map<string, readonly Link[]>();
  const sampler: Sampler = {
    shouldSample: (_context, _traceId, name, _kind, _attributes, links) => {
      seen.set(name, [...links]);
      return { decision: SamplingDecision.RECORD_AND_SAMPLED };
    },
    toString: () => "remembers links",
  };
  trace.setGlobalTracerProvider(new TracerProvider({ sampler }));

  board(observer());

  expect(seen.get(REFRESH)).toHaveLength(1);
});

test("a flight is linked to the call it began for, not to one that left before", () => {
  const sdk = new Sdk().register();
  const on = observer();

  on.begin(CALL).end(ABANDONED);
  on.begin(FLIGHT).end(ISSUED);

  expect(sdk.span(REFRESH).links).toEqual([]);
});

test("a flight that began before a tracer provider was there has no orphaned children", () => {
  const flight = observer().begin(FLIGHT);
  const sdk = new Sdk().register();

  flight.begin({ type: "assertion" }).end({ type: "asserted" });
  flight.end(ISSUED);

  expect(sdk.spans()).toEqual([]);
});

test("an activity ends once", async () => {
  const sdk = new Sdk().register();
  const { call, flight } = board(observer("once"));

  for (const outcome of [ISSUED, CLOSED]) flight.end(outcome);
  for (const outcome of [CLOSED, ABANDONED]) call.end(outcome);

  expect(sdk.spans().map(({ name }) => name)).toEqual([REFRESH, GET_TOKEN]);
  expect(sdk.span(REFRESH).status.code).toBe(SpanStatusCode.UNSET);
  expect(await sdk.counts("once")).toEqual({ "none closed": 1 });
  const flights = await sdk.durations("entra.credential.token.refresh.duration");
  expect(flights.map(({ count }) => count)).toEqual([1]);
});

test("a hit starts and ends in one moment of the wall clock", () => {
  const sdk = new Sdk().register();
  const token = new CachedToken({
    token: "t",
    times: { issuedAt: 0, refreshAt: 1, expiringAt: 2, expiresAt: 3 },
    wallOffsetMs: 0,
    tenantId: parseTenant("contoso.example"),
    resource: "resource",
    plain: true,
  });
  const before = Date.now();

  observer().served("cache", token, undefined);

  const { startTime, endTime } = sdk.span(GET_TOKEN);
  expect(endTime).toEqual(startTime);
  expect(hrTimeToMs(startTime)).toBeGreaterThan(before - 2);
  expect(hrTimeToMs(startTime)).toBeLessThan(Date.now() + 2);
});

test("an unfinished attempt counts among the attempts of a flight", () => {
  const sdk = new Sdk().register();
  const flight = observer().begin(FLIGHT);

  flight.begin({ type: "attempt", attempt: 1, url: "https://login.test/token" });
  flight.end({
    type: "failed",
    error: new AcquisitionTimeoutError("late", { budget: "deadline", timeoutMs: 1 }),
  });

  expect(sdk.span(REFRESH).attributes["entra.credential.refresh.attempt_count"]).toBe(1);
});

test("the kind of the assertion source is on the assertion's span", () => {
  const sdk = new Sdk().register();
  const { flight } = board(observer());

  flight.begin({ type: "assertion" }).end({ type: "asserted" });

  const { attributes } = sdk.span("entra.credential.assertion");
  expect(attributes["entra.credential.assertion.kind"]).toBe("certificate");
});

test("nothing links to a call that is not traced", () => {
  const on = observer();
  const call = on.begin({ ...CALL, callerContext: ROOT_CONTEXT });
  const sdk = new Sdk().register();

  const flight = on.begin(FLIGHT);
  call.joined(flight);
  flight.end(ISSUED);

  expect(sdk.span(REFRESH).links).toEqual([]);
  expect(sdk.span(REFRESH).attributes["entra.credential.refresh.waiter_count"]).toBe(1);
});

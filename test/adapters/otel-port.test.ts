import { type HrTime, type Link, ROOT_CONTEXT, SpanStatusCode, trace } from "@opentelemetry/api";
import { type Sampler, SamplingDecision, TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import type { Abandoned, Failed } from "../../src/core/events.ts";
import type { AcquisitionObservation, FlightObservation, Observer } from "../../src/core/ports.ts";
import { AcquisitionTimeoutError, CredentialClosedError } from "../../src/domain/errors.ts";
import { CALL, cachedToken, FLIGHT, ISSUED, observer } from "../support/observers.ts";
import { linked, Sdk, useCleanGlobals } from "../support/otel-sdk.ts";
import { times } from "../support/times.ts";

const GET_TOKEN = "ClientAssertionCredential.getToken";
const REFRESH = "entra.credential.refresh";

const ABANDONED: Abandoned = { type: "abandoned" };
const CLOSED: Failed = { type: "failed", error: new CredentialClosedError("closed") };

useCleanGlobals();

/** A call and the flight begun for it, as the core begins them. */
function board(on: Observer): {
  readonly call: AcquisitionObservation;
  readonly flight: FlightObservation;
} {
  const call = on.beginAcquisition(CALL);
  const flight = on.beginFlight(FLIGHT);
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

  const others = times(99, () => on.beginAcquisition(CALL));
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

  on.beginAcquisition(CALL).end(ABANDONED);
  on.beginFlight(FLIGHT).end(ISSUED);

  expect(sdk.span(REFRESH).links).toEqual([]);
});

test("a flight that began before a tracer provider was there has no orphaned children", () => {
  const flight = observer().beginFlight(FLIGHT);
  const sdk = new Sdk().register();

  flight.beginAssertion().end({ type: "asserted" });
  flight.end(ISSUED);

  expect(sdk.spans()).toEqual([]);
});

test("an activity ends once", async () => {
  const sdk = new Sdk().register();
  const { call, flight } = board(observer({ name: "once" }));

  for (const outcome of [ISSUED, ABANDONED]) flight.end(outcome);
  for (const outcome of [CLOSED, ABANDONED]) call.end(outcome);

  expect(sdk.spans().map(({ name }) => name)).toEqual([REFRESH, GET_TOKEN]);
  expect(sdk.span(REFRESH).status.code).toBe(SpanStatusCode.UNSET);
  expect(await sdk.counts("once")).toEqual({ "none closed": 1 });
  const flights = await sdk.durations("entra.credential.token.refresh.duration");
  expect(flights.map(({ count }) => count)).toEqual([1]);
});

test("a hit starts and ends in one moment of the wall clock", () => {
  const sdk = new Sdk().register();
  const before = Date.now();

  observer().served("cache", cachedToken(), undefined);

  const { startTime, endTime } = sdk.span(GET_TOKEN);
  expect(endTime).toEqual(startTime);
  expect(hrTimeToMs(startTime)).toBeGreaterThan(before - 2);
  expect(hrTimeToMs(startTime)).toBeLessThan(Date.now() + 2);
});

test("an unfinished attempt counts among the attempts of a flight", () => {
  const sdk = new Sdk().register();
  const flight = observer().beginFlight(FLIGHT);

  flight.beginAttempt({ attempt: 1, url: "https://login.test/token" });
  flight.end({
    type: "failed",
    remaining: undefined,
    error: new AcquisitionTimeoutError("late", { budget: "deadline", timeoutMs: 1 }),
  });

  expect(sdk.span(REFRESH).attributes["entra.credential.refresh.attempt_count"]).toBe(1);
});

test("the kind of the assertion source is on the assertion's span", () => {
  const sdk = new Sdk().register();
  const { flight } = board(observer());

  flight.beginAssertion().end({ type: "asserted" });

  const { attributes } = sdk.span("entra.credential.assertion");
  expect(attributes["entra.credential.assertion.kind"]).toBe("certificate");
});

test("nothing links to a call that is not traced", () => {
  const on = observer();
  const call = on.beginAcquisition({ ...CALL, callerContext: ROOT_CONTEXT });
  const sdk = new Sdk().register();

  const flight = on.beginFlight(FLIGHT);
  call.joined(flight);
  flight.end(ISSUED);

  expect(sdk.span(REFRESH).links).toEqual([]);
  expect(sdk.span(REFRESH).attributes["entra.credential.refresh.waiter_count"]).toBe(1);
});

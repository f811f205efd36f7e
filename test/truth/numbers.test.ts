import { logs, metrics, trace } from "@opentelemetry/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Sdk } from "../support/otel-sdk.ts";
import { reconciled } from "./authority-books.ts";
import { type Loaded, load } from "./load.ts";
import type { Tally } from "./tally.ts";

const CALLS = 100_000;

/** Repeats the choices of a run, though not its moments: the seed that a failure prints. */
const SEED = Number(process.env["AFFIANT_PROPERTY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

const sdk = new Sdk();
let loaded: Loaded;

beforeAll(async () => {
  sdk.register();
  loaded = await load({ calls: CALLS, seed: SEED, collect: () => sdk.collect() });
}, 120_000);

afterAll(() => {
  trace.disable();
  metrics.disable();
  logs.disable();
});

/** Compares to the unit what telemetry told with what was so, which must not be nothing. */
function agree(told: Tally, truth: Tally): void {
  expect(told.counts(), `AFFIANT_PROPERTY_SEED=${SEED}`).toEqual(truth.counts());
  expect(truth.sum()).toBeGreaterThan(0);
}

function spans(name: string): number {
  return sdk.spans(name).length;
}

describe(`after ${CALLS} random calls through faults, aborts, time limits and nonsense`, () => {
  test("each call is counted once: by where its token came from, by its error, or as aborted", () => {
    const { told, ledger } = loaded;

    agree(told.calls(), ledger.acquisitions);
    expect(told.calls().sum()).toBe(CALLS);
  });

  test("all that can become of a call did", () => {
    const seen = Object.keys(loaded.ledger.acquisitions.counts()).flatMap((key) => key.split(" "));

    expect(seen).toEqual(expect.arrayContaining(["source=cache", "source=authority"]));
    expect(seen).toEqual(expect.arrayContaining(["source=shared", "source=none"]));
    expect(seen).toEqual(expect.arrayContaining(["error=configuration", "error=closed"]));
    expect(seen).toEqual(expect.arrayContaining(["error=tenant_not_allowed", "error=timeout"]));
    expect(seen).toEqual(expect.arrayContaining(["error=assertion_failed", "error=circuit_open"]));
    expect(seen).toEqual(expect.arrayContaining(["error=network_error"]));
  });

  test("fresh answers and stale ones are told apart", () => {
    const { told, ledger } = loaded;
    const acquisitions = told.counts("entra.credential.token.acquisitions");
    const [fresh, unsure] = [
      ledger.hits.sum("freshness=fresh"),
      ledger.hits.sum("freshness=unsure"),
    ];

    expect(acquisitions.sum("source=cache")).toBeGreaterThanOrEqual(fresh);
    expect(acquisitions.sum("source=cache")).toBeLessThanOrEqual(fresh + unsure);
    expect(ledger.hits.sum("freshness=stale")).toBeGreaterThan(0);
  });

  test("time is kept of the calls that waited, and of no others", () => {
    const { told, ledger } = loaded;

    agree(told.counts("entra.credential.token.acquisition.duration"), ledger.waits);
  });

  test("time is kept of each flight by what set it off, save of those that were cut off", () => {
    const { told, ledger } = loaded;

    agree(told.counts("entra.credential.token.refresh.duration"), ledger.refreshes);
  });

  test("each token that was issued has its lifetime recorded", () => {
    const { told, ledger } = loaded;

    agree(told.counts("entra.credential.token.lifetime"), ledger.lifetimes);
  });

  test("time is kept of each request: by status as the authority answered, else by how it failed", () => {
    const { told, ledger, requests } = loaded;
    const counted = told.counts("entra.credential.authority.request.duration");
    const books = reconciled(ledger.posts, requests);

    agree(counted, ledger.requests);
    expect(counted.sum()).toBe(requests.length + books.neverSeen);
    expect(counted.sum()).toBe(ledger.posts.length);
    agree(told.counts("entra.credential.authority.request.duration", "error.type"), books.byStatus);
    expect(books.contradictions).toEqual([]);
  });

  test("requests that reach nobody are counted by the system's code", () => {
    const counted = loaded.told.counts("entra.credential.authority.request.duration");

    expect(counted.sum("error=ECONNREFUSED")).toBeGreaterThan(0);
    expect(counted.sum("error=ECONNRESET")).toBeGreaterThan(0);
  });

  test("each retry is counted by its reason", () => {
    const { told, ledger } = loaded;

    agree(told.counts("entra.credential.token.refresh.retries"), ledger.retries);
  });

  test("each wait that the authority asked for is recorded", () => {
    const { told, ledger } = loaded;

    agree(told.counts("entra.credential.authority.throttle.duration"), ledger.throttles);
  });

  test("time is kept of each call for an assertion, save of those that were given up", () => {
    const { told, ledger } = loaded;
    const counted = told.counts(
      "entra.credential.assertion.duration",
      "entra.credential.assertion.kind",
    );

    agree(counted, ledger.assertions);
  });

  test("each change of a circuit is counted, also of one that many share", () => {
    const { told, ledger } = loaded;

    agree(told.counts("entra.credential.circuit_breaker.transitions"), ledger.transitions);
  });

  test("each token that left a cache before it was replaced is counted", () => {
    const { told, evictions } = loaded;
    const counted = told.counts("entra.credential.cache.evictions");
    const [invalidated, room] = [
      evictions.tally.sum("why=invalidated"),
      evictions.tally.sum("why=room"),
    ];

    expect(counted.sum("reason=invalidated")).toBe(invalidated);
    expect(counted.sum("reason=capacity") + counted.sum("reason=expired")).toBe(room);
    expect(room).toBeGreaterThan(0);
  });

  test("nothing waits and nothing is fetched any more", () => {
    const active = loaded.told.counts("entra.credential.token.request.active").counts();

    expect(new Set(Object.values(active))).toEqual(new Set([0]));
  });

  test("the caches are as full as the credentials say", () => {
    expect(loaded.told.counts("entra.credential.cache.usage").counts()).toEqual(loaded.usable);
  });

  test("there is a span for each call, flight, assertion and request", () => {
    const { ledger } = loaded;

    expect(spans("ClientAssertionCredential.getToken")).toBe(CALLS);
    expect(spans("entra.credential.refresh")).toBe(ledger.flights);
    expect(spans("entra.credential.assertion")).toBe(ledger.assertionCalls);
    expect(spans("POST")).toBe(ledger.posts.length);
    expect(sdk.spans()).toHaveLength(
      CALLS + ledger.flights + ledger.assertionCalls + ledger.posts.length,
    );
  });

  test("the spans of requests tell the retries", () => {
    const resent = sdk
      .spans("POST")
      .filter(({ attributes }) => "http.request.resend_count" in attributes);

    expect(resent).toHaveLength(loaded.ledger.posts.filter(({ isRetry }) => isRetry).length);
  });

  test.each([
    ["entra.credential.token.refresh.completed", ({ ledger }: Loaded) => ledger.lifetimes.sum()],
    ["entra.credential.token.refresh.failed", ({ ledger }: Loaded) => ledger.failures],
    [
      "entra.credential.token.refresh.retry_scheduled",
      ({ ledger }: Loaded) => ledger.retries.sum(),
    ],
    ["entra.credential.throttled", ({ ledger }: Loaded) => ledger.throttles.sum()],
    [
      "entra.credential.circuit_breaker.state_changed",
      ({ ledger }: Loaded) => ledger.transitions.sum(),
    ],
    ["entra.credential.cache.evicted", ({ evictions }: Loaded) => evictions.tally.sum()],
  ])("there is a log record %s for each of these events", (event, happened) => {
    expect(sdk.records(event)).toHaveLength(happened(loaded));
  });
});

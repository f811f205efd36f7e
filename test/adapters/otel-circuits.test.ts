import type { Attributes } from "@opentelemetry/api";
import type { DataPoint } from "@opentelemetry/sdk-metrics";
import { expect, test } from "vitest";
import { createResilience } from "../../src/index.ts";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, OTHER_SCOPE, SCOPE } from "../support/credentials.ts";
import { type FakeEntra, fakeEntra } from "../support/fake-entra.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";
import { rejection } from "../support/rejection.ts";

const STATUS = "entra.credential.circuit_breaker.status";
const TRANSITIONS = "entra.credential.circuit_breaker.transitions";
const BUDGET = "entra.credential.retry_budget.remaining";
const CHANGED = "entra.credential.circuit_breaker.state_changed";

const ONE_FAILURE = { maxRetries: 0, circuitBreaker: { failures: 1, openMs: 10_000 } };

useCleanGlobals();
const clock = useFakeClock();

/** The points of a metric for one resilience, by state. */
async function byState(sdk: Sdk, metric: string, name: string): Promise<Record<string, number>> {
  const points = ((await sdk.metric(metric))?.dataPoints ?? []) as DataPoint<number>[];
  return Object.fromEntries(
    points
      .filter(({ attributes }) => attributes["entra.credential.resilience.name"] === name)
      .map(({ attributes, value }) => [stateIn(attributes), value]),
  );
}

function stateIn(attributes: Attributes): string {
  return String(attributes["entra.credential.circuit_breaker.state"] ?? "any");
}

function failing(): FakeEntra {
  return fakeEntra().refuses(503, "busy");
}

test("a circuit that many share is reported once, under the name it was given", async () => {
  const sdk = new Sdk().register();
  const resilience = createResilience({ ...ONE_FAILURE, name: "shared" });
  const first = credentialAgainst(failing(), { resilience, telemetry: { name: "a" } });
  credentialAgainst(fakeEntra(), { resilience, telemetry: { name: "b" } });

  await rejection(first.getToken(SCOPE));

  expect(await byState(sdk, STATUS, "shared")).toEqual({ closed: 0, open: 1, half_open: 0 });
  expect(await byState(sdk, TRANSITIONS, "shared")).toEqual({ open: 1 });
  expect(sdk.records(CHANGED)).toHaveLength(1);
});

test("a guard without a name has that of the credential", async () => {
  const sdk = new Sdk().register();
  const own = credentialAgainst(failing(), {
    resilience: ONE_FAILURE,
    telemetry: { name: "own-guard" },
  });

  await rejection(own.getToken(SCOPE));

  expect(await byState(sdk, STATUS, "own-guard")).toEqual({ closed: 0, open: 1, half_open: 0 });
});

test("circuits of one name and authority are added up", async () => {
  const sdk = new Sdk().register();
  const options = { resilience: ONE_FAILURE, telemetry: { name: "twin-guards" } };
  const open = credentialAgainst(failing(), options);
  credentialAgainst(fakeEntra(), options);

  await rejection(open.getToken(SCOPE));

  expect(await byState(sdk, STATUS, "twin-guards")).toEqual({ closed: 1, open: 1, half_open: 0 });
});

test("a circuit whose open time is over is half open, though nobody called", async () => {
  const sdk = new Sdk().register();
  const credential = credentialAgainst(failing(), {
    resilience: ONE_FAILURE,
    telemetry: { name: "over" },
  });
  await rejection(credential.getToken(SCOPE));

  await clock.advance({ seconds: 10 });

  expect(await byState(sdk, STATUS, "over")).toEqual({ closed: 0, open: 0, half_open: 1 });
});

test("each change is counted and told: WARN when the circuit opens, INFO otherwise", async () => {
  const sdk = new Sdk().register();
  const credential = credentialAgainst(failing().issues("t"), {
    resilience: ONE_FAILURE,
    telemetry: { name: "changes" },
  });
  await rejection(credential.getToken(SCOPE));
  await clock.advance({ seconds: 11 });

  await credential.getToken(OTHER_SCOPE);

  const told = sdk
    .records(CHANGED)
    .map((record) => [record.severityText, stateIn(record.attributes)]);
  expect(told).toEqual([
    ["WARN", "open"],
    ["INFO", "half_open"],
    ["INFO", "closed"],
  ]);
  expect(await byState(sdk, TRANSITIONS, "changes")).toEqual({ open: 1, half_open: 1, closed: 1 });
});

test("the retries that the budget still allows are told, and nothing when there is no budget", async () => {
  const sdk = new Sdk().register();
  const limited = credentialAgainst(failing().issues("t"), { telemetry: { name: "budget" } });
  credentialAgainst(fakeEntra(), {
    resilience: { retryBudget: false },
    telemetry: { name: "no-budget" },
  });
  const call = limited.getToken(SCOPE);
  await clock.advance({ seconds: 2 });
  await call;

  expect(await byState(sdk, BUDGET, "budget")).toEqual({ any: 2 });
  expect(await byState(sdk, BUDGET, "no-budget")).toEqual({});
});

test("the circuit of a shared guard is reported until the last credential is closed", async () => {
  const sdk = new Sdk().register();
  const resilience = createResilience({ name: "leaving" });
  const first = credentialAgainst(fakeEntra(), { resilience });
  const last = credentialAgainst(fakeEntra(), { resilience });
  await first.getToken(SCOPE);

  await first.close();
  const between = await byState(sdk, STATUS, "leaving");
  await last.close();

  expect(between).toEqual({ closed: 1, open: 0, half_open: 0 });
  expect(await byState(sdk, STATUS, "leaving")).toEqual({ closed: 0, open: 0, half_open: 0 });
});

test("closing a credential twice does not close it for the others", async () => {
  const sdk = new Sdk().register();
  const resilience = createResilience({ name: "twice" });
  const closing = credentialAgainst(fakeEntra(), { resilience });
  await credentialAgainst(fakeEntra(), { resilience }).getToken(SCOPE);

  await closing.close();
  await closing.close();

  expect(await byState(sdk, STATUS, "twice")).toEqual({ closed: 1, open: 0, half_open: 0 });
});

import { expect, test } from "vitest";
import { ConfigurationError, createResilience } from "../../src/index.ts";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, OTHER_SCOPE, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";

const clock = useFakeClock();

const ONE_FAILURE = { maxRetries: 0, circuitBreaker: { failures: 1, openMs: 10_000 } };

test("6.7 what one credential learns of an outage spares those that share its resilience", async () => {
  const resilience = createResilience(ONE_FAILURE);
  const failing = credentialAgainst(fakeEntra().refuses(503, "busy"), { resilience });
  const spared = fakeEntra();
  const sharing = credentialAgainst(spared, { resilience });
  await rejection(failing.getToken(SCOPE));

  expect(await rejection(sharing.getToken(SCOPE))).toMatchObject({
    code: "ERR_CIRCUIT_OPEN",
    cause: { statusCode: 503 },
  });
  expect(spared.requests).toHaveLength(0);
  expect(sharing.health().circuit).toEqual({ state: "open", retryAfterMs: 10_000 });
});

test("6.7 credentials that share nothing have circuits of their own", async () => {
  const failing = credentialAgainst(fakeEntra().refuses(503, "busy"), { resilience: ONE_FAILURE });
  const other = credentialAgainst(fakeEntra(), { resilience: ONE_FAILURE });
  await rejection(failing.getToken(SCOPE));

  expect((await other.getToken(SCOPE)).token).toBe("token-1");
});

test("6.7 the circuits of different authorities are different, though the guard is one", async () => {
  const resilience = createResilience(ONE_FAILURE);
  const failing = credentialAgainst(fakeEntra().refuses(503, "busy"), { resilience });
  const elsewhere = credentialAgainst(fakeEntra(), {
    resilience,
    authorityHost: "login.microsoftonline.us",
  });
  await rejection(failing.getToken(SCOPE));

  expect((await elsewhere.getToken(SCOPE)).token).toBe("token-1");
});

test("6.7 closing one credential leaves the others their guard", async () => {
  const resilience = createResilience(ONE_FAILURE);
  const closing = credentialAgainst(fakeEntra(), { resilience });
  const staying = credentialAgainst(fakeEntra().issues("first").refuses(503, "busy"), {
    resilience,
  });
  const changes: unknown[] = [];
  resilience.onCircuitChange((change) => changes.push(change));

  await closing.close();
  await staying.getToken(SCOPE);
  await rejection(staying.getToken(OTHER_SCOPE));

  expect(changes).toEqual([{ origin: "https://login.microsoftonline.com", state: "open" }]);
});

test("6.7 each policy can be switched off, and then nothing limits what it limited", async () => {
  const entra = fakeEntra().hangs().issues("first");
  const credential = credentialAgainst(entra, {
    resilience: {
      deadlineMs: false,
      attemptTimeoutMs: false,
      assertionTimeoutMs: false,
      retryBudget: false,
      bulkhead: false,
      circuitBreaker: false,
      maxRetries: 0,
    },
    getAssertion: async () => {
      await new Promise((resolve) => setTimeout(resolve, 60_000));
      return "an-assertion";
    },
  });

  const patient = credential.getToken(SCOPE, { requestOptions: { timeout: 7_200_000 } });
  const failed = rejection(patient);
  await clock.advance({ hours: 1 });
  expect(entra.requests).toHaveLength(1);
  expect(entra.requests[0]?.signal.aborted).toBe(false);

  await clock.advance({ hours: 1 });
  expect(await failed).toMatchObject({ code: "ERR_TIMEOUT", budget: "caller" });
});

test.each([
  ["resilience.bulkhead.concurrent", { bulkhead: { concurrent: 0 } }],
  ["resilience.retryBudget.share", { retryBudget: { share: -1 } }],
  ["resilience.deadlineMs must be a whole number from 1 to 3600000, or false", { deadlineMs: 0 }],
  ["resilience.bulkhead takes an options object", { bulkhead: 5 }],
  ["Did you mean retryBudget?", { retryBudgets: false }],
])("1.7 %s is checked by createResilience as by the constructor", (message, options) => {
  const wrong: object = options;

  expect(() => createResilience(wrong)).toThrow(ConfigurationError);
  expect(() => createResilience(wrong)).toThrow(message);
  expect(() => credentialAgainst(fakeEntra(), { resilience: wrong })).toThrow(message);
});

import { expect, test, vi } from "vitest";
import { CircuitOpenError } from "../../src/index.ts";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, OTHER_SCOPE, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

test("6.6 the circuit opens after failures of the authority and then costs no request", async () => {
  const entra = fakeEntra().refuses(503, "busy");
  const credential = credentialAgainst(entra, { resilience: { circuitBreaker: { failures: 4 } } });
  const opening = rejection(credential.getToken(SCOPE));
  await clock.advance({ seconds: 8 });
  await opening;

  const error = await rejection(credential.getToken(OTHER_SCOPE));

  expect(error).toBeInstanceOf(CircuitOpenError);
  expect(error).toMatchObject({ code: "ERR_CIRCUIT_OPEN", cause: { statusCode: 503 } });
  expect(error instanceof CircuitOpenError && error.retryAfterMs).toBeGreaterThan(0);
  expect(entra.requests).toHaveLength(4);
});

test("6.6 usable tokens are served through an open circuit, and one answer closes it", async () => {
  const entra = fakeEntra()
    .issues("first")
    .refuses(503, "busy")
    .refuses(503, "busy")
    .issues("second");
  const credential = credentialAgainst(entra, {
    resilience: { maxRetries: 0, circuitBreaker: { failures: 2, openMs: 10_000 } },
  });
  await credential.getToken(SCOPE);
  await rejection(credential.getToken(OTHER_SCOPE, { forceRefresh: true }));
  await rejection(credential.getToken(OTHER_SCOPE, { forceRefresh: true }));

  const open = await rejection(credential.getToken(OTHER_SCOPE, { forceRefresh: true }));
  expect(open).toMatchObject({ code: "ERR_CIRCUIT_OPEN", retryAfterMs: 10_000 });
  expect((await credential.getToken(SCOPE)).token).toBe("first");

  await clock.advance({ seconds: 10 });
  expect((await credential.getToken(OTHER_SCOPE, { forceRefresh: true })).token).toBe("second");
  expect(entra.requests).toHaveLength(4);
});

test("6.6 refusals never open the circuit", async () => {
  const entra = fakeEntra().refuses(400, "invalid_scope", 70011);
  const credential = credentialAgainst(entra);

  for (let call = 0; call < 20; call += 1) {
    await rejection(credential.getToken(SCOPE, { forceRefresh: true }));
  }

  expect(entra.requests).toHaveLength(20);
});

test("6.6 while the circuit is open each error says how long it stays so", async () => {
  const entra = fakeEntra().refuses(503, "busy");
  const credential = credentialAgainst(entra, {
    resilience: { maxRetries: 0, circuitBreaker: { failures: 1, openMs: 60_000 } },
  });
  await rejection(credential.getToken(SCOPE));
  const first = await rejection(credential.getToken(OTHER_SCOPE));
  await clock.advance({ seconds: 20 });

  const remembered = await rejection(credential.getToken(OTHER_SCOPE));

  expect(first).toMatchObject({ code: "ERR_CIRCUIT_OPEN", retryAfterMs: 60_000 });
  expect(remembered).toMatchObject({
    code: "ERR_CIRCUIT_OPEN",
    retryAfterMs: 40_000,
    remembered: true,
  });
});

test("6.6 a wall clock set back does not keep the circuit open", async () => {
  const entra = fakeEntra().refuses(503, "busy").issues("first");
  const credential = credentialAgainst(entra, {
    resilience: { maxRetries: 0, circuitBreaker: { failures: 1, openMs: 60_000 } },
  });
  await rejection(credential.getToken(SCOPE));

  clock.setBack({ hours: 1 });
  await clock.advance({ seconds: 60 });

  expect((await credential.getToken(OTHER_SCOPE)).token).toBe("first");
});

test("6.6 while the circuit is open no assertion is asked for", async () => {
  const getAssertion = vi.fn(async () => "an-assertion");
  const credential = credentialAgainst(fakeEntra().refuses(503, "busy"), {
    getAssertion,
    resilience: { maxRetries: 0, circuitBreaker: { failures: 1 } },
  });
  await rejection(credential.getToken(SCOPE));

  await Promise.all(times(100, (index) => rejection(credential.getToken(`scope-${index}`))));

  expect(getAssertion).toHaveBeenCalledTimes(1);
});

test("6.6 keys that meet the same blip are all cured by their retries", async () => {
  const entra = fakeEntra();
  for (const _ of times(3, () => 0)) entra.refuses(503, "busy");
  entra.replies(() => ({
    status: 200,
    headers: {},
    body: '{"access_token":"cured","token_type":"Bearer","expires_in":3600}',
  }));
  const credential = credentialAgainst(entra);

  const calls = Promise.all(times(3, (index) => credential.getToken(`scope-${index}`)));
  await clock.advance({ seconds: 2 });

  expect((await calls).map(({ token }) => token)).toEqual(times(3, () => "cured"));
  expect(entra.requests).toHaveLength(6);
});

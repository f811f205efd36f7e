import { expect, test, vi } from "vitest";
import { createResilience } from "../../src/index.ts";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

const WARM = { refresh: { keepWarm: true } };

test("5.8 without keepWarm nobody asks until somebody calls", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);

  await clock.advance({ hours: 5 });

  expect(entra.requests).toHaveLength(1);
});

test("5.8 keepWarm renews a token that was used, when it falls due and without a caller", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, WARM);
  await credential.getToken(SCOPE);

  await clock.advance({ minutes: 54, seconds: 59 });
  expect(entra.requests).toHaveLength(1);
  await clock.advance({ seconds: 2 });

  expect(entra.requests).toHaveLength(2);
  expect(credential.peek(SCOPE)?.token).toBe("token-2");
});

test("5.8 a key that nobody uses for the life of one token is let go", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, WARM);
  await credential.getToken(SCOPE);

  await clock.advance({ hours: 10 });

  // The first was used when it was won; the second by nobody.
  expect(entra.requests).toHaveLength(2);
});

test("5.8 a key that is used once per token is kept warm for as long as it is", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, WARM);

  for (let use = 0; use < 10; use += 1) {
    await credential.getToken(SCOPE);
    await clock.advance({ minutes: 55 });
  }

  expect(entra.requests).toHaveLength(11);
});

test("5.8 keepWarm tries again when the cool-down is over, and ends with the token", async () => {
  const entra = fakeEntra().issues("first").refuses(503, "busy");
  const credential = credentialAgainst(entra, {
    refresh: { keepWarm: true, coolDownMs: 60_000 },
    resilience: { maxRetries: 0, circuitBreaker: false },
  });
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 55, seconds: 1 });
  expect(entra.requests).toHaveLength(2);

  await clock.advance({ seconds: 73 });
  expect(entra.requests).toHaveLength(3);

  await clock.advance({ hours: 5 });
  expect(entra.requests.length).toBeLessThanOrEqual(7);
});

test("5.8 what was invalidated is not kept warm", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, WARM);
  await credential.getToken(SCOPE);

  credential.invalidate(SCOPE);
  await clock.advance({ hours: 5 });

  expect(entra.requests).toHaveLength(1);
});

test("5.10 closing leaves no timer of keepWarm behind", async () => {
  const credential = credentialAgainst(fakeEntra(), WARM);
  await credential.getToken(SCOPE);
  await credential.getToken("another-scope");
  expect(vi.getTimerCount()).toBe(2);

  await credential.close();

  expect(vi.getTimerCount()).toBe(0);
});

test("5.4 while a probe is out keepWarm keeps to its cool-down", async () => {
  const resilience = createResilience({ maxRetries: 0, circuitBreaker: { failures: 1 } });
  const other = credentialAgainst(fakeEntra().refuses(503, "busy").hangs(), { resilience });
  const credential = credentialAgainst(fakeEntra(), { ...WARM, resilience });
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 54, seconds: 40 });
  await rejection(other.getToken(SCOPE));
  await clock.advance({ seconds: 12 });
  void rejection(other.getToken(SCOPE));
  const flights = vi.spyOn(resilience, "run");

  await clock.advance({ seconds: 28 });

  expect(flights).toHaveBeenCalledTimes(1);
});

test.each([
  ["a wrong secret", 401, "invalid_client", 7000215, {}],
  ["a throttle", 429, "throttled", undefined, { "retry-after": "60" }],
])("5.8 hundreds of keys that are held by %s do not come back together", async (...facts) => {
  const [, status, error, entraCode, headers] = facts;
  const getAssertion = vi.fn(async () => "an-assertion");
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, {
    refresh: { keepWarm: true, jitter: 0.1 },
    getAssertion,
  });
  await credential.warmUp(times(300, (index) => `scope-${index}`));
  entra.refuses(status, error, entraCode, headers).takes(100);
  await clock.advance({ minutes: 50 });
  const before = getAssertion.mock.calls.length;

  await clock.advance({ minutes: 4 });

  expect(getAssertion.mock.calls.length - before).toBeLessThan(100);
});

test("5.8 a key that was challenged during its refresh is still kept warm", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, WARM);
  await credential.getToken(SCOPE);
  entra.takes(1_000);
  await clock.advance({ minutes: 55 });
  const challenged = credential.getToken(SCOPE, { claims: '{"access_token":{}}' });
  await clock.advance({ seconds: 2 });
  await challenged;
  const before = entra.requests.length;

  await clock.advance({ minutes: 56 });

  expect(entra.requests).toHaveLength(before + 1);
});

test("5.8 a key whose refresh was joined and given up is still kept warm", async () => {
  const entra = fakeEntra().issues("first").hangs();
  const credential = credentialAgainst(entra, WARM);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 54, seconds: 59 });
  const abort = new AbortController();
  const joined = rejection(
    credential.getToken(SCOPE, { minimumValidityMs: 3_000_000, abortSignal: abort.signal }),
  );
  await clock.advance({ seconds: 2 });
  entra.issues("second").issues("second");
  abort.abort();
  await joined;

  await clock.advance({ minutes: 1 });

  expect(entra.requests.length).toBeGreaterThan(2);
});

test("5.5 keepWarm joins what is under way for a key that was forced before", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, WARM);
  await credential.getToken(SCOPE, { forceRefresh: true });
  await clock.advance({ minutes: 54, seconds: 59 });
  entra.takes(3_000);
  const held = credential.getToken(SCOPE, { minimumValidityMs: 600_000 });

  await clock.advance({ seconds: 4 });
  await held;

  expect(entra.requests).toHaveLength(2);
});

test("5.1 keepWarm has no more timers than the cache has entries", async () => {
  const credential = credentialAgainst(fakeEntra(), { ...WARM, cache: { maxEntries: 10 } });

  await credential.warmUp(times(200, (index) => `scope-${index}`));

  expect(vi.getTimerCount()).toBeLessThanOrEqual(10);
});

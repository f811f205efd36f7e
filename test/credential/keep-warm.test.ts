import { expect, test, vi } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";

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

  await clock.advance({ seconds: 61 });
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

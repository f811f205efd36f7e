import { expect, test } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, OTHER_SCOPE, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";

const clock = useFakeClock();

const NOON = Date.parse("2026-03-01T12:00:00Z");

test("5.8 a credential that was never asked has nothing to tell", () => {
  expect(credentialAgainst(fakeEntra()).health()).toEqual({
    circuit: { state: "closed", retryAfterMs: 0 },
    usableTokens: 0,
  });
});

test("5.8 health tells the usable tokens and when the first of them expires", async () => {
  const entra = fakeEntra().issues("long").issues("short", { expires_in: 600 });
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ seconds: 1 });
  await credential.getToken(OTHER_SCOPE);

  expect(credential.health()).toMatchObject({
    usableTokens: 2,
    nearestExpiryTimestamp: NOON + 601_000,
    lastSuccessTimestamp: NOON + 1_000,
  });

  await clock.advance({ minutes: 10 });
  expect(credential.health()).toMatchObject({
    usableTokens: 1,
    nearestExpiryTimestamp: NOON + 3_600_000,
  });
});

test("5.8 health tells of a refresh that failed behind a caller's back, and of its end", async () => {
  const entra = fakeEntra().issues("first").refuses(503, "busy").refuses(503, "busy");
  const credential = credentialAgainst(entra.issues("second"));
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 55 });
  await credential.getToken(SCOPE);
  await clock.advance({ seconds: 1 });

  const { lastError, lastErrorTimestamp = 0, lastSuccessTimestamp = 0 } = credential.health();
  expect(lastError).toMatchObject({ statusCode: 503, remembered: false });
  expect(lastErrorTimestamp).toBeGreaterThan(lastSuccessTimestamp);

  await clock.advance({ minutes: 1 });
  await credential.getToken(SCOPE);
  await clock.advance({ ms: 1 });
  const after = credential.health();
  expect(after.lastSuccessTimestamp).toBeGreaterThan(after.lastErrorTimestamp ?? 0);
});

test("5.8 each report has an error object of its own, and is frozen", async () => {
  const credential = credentialAgainst(fakeEntra().refuses(400, "invalid_scope", 70011));
  await rejection(credential.getToken(SCOPE));

  const [one, other] = [credential.health(), credential.health()];

  expect(one.lastError).not.toBe(other.lastError);
  expect(one.lastError).toMatchObject({ entraCode: 70011 });
  expect(Object.isFrozen(one) && Object.isFrozen(one.circuit)).toBe(true);
});

test("8 a closed credential tells of no token", async () => {
  const credential = credentialAgainst(fakeEntra());
  await credential.getToken(SCOPE);

  await credential.close();

  expect(credential.health().usableTokens).toBe(0);
});

test("5.8 an open circuit does not hide the failure that opened it", async () => {
  const credential = credentialAgainst(fakeEntra().refuses(503, "busy"), {
    resilience: { maxRetries: 0, circuitBreaker: { failures: 1 } },
  });
  await rejection(credential.getToken(SCOPE));
  await rejection(credential.getToken(OTHER_SCOPE));

  expect(credential.health().lastError).toMatchObject({ statusCode: 503 });
});

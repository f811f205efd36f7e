import { expect, test, vi } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, OTHER_SCOPE, OTHER_TENANT, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";

const clock = useFakeClock();

// One call a second for so many seconds; all must be answered.
async function callEachSecond(
  credential: { getToken(scope: string): Promise<unknown> },
  seconds: number,
) {
  for (let second = 0; second < seconds; second += 1) {
    await credential.getToken(SCOPE);
    await clock.advance({ seconds: 1 });
  }
}

test("5.4 while a token is good, failed refreshes reach nobody and are spaced from 30 s upwards", async () => {
  const entra = fakeEntra()
    .issues("first", { expires_in: 3_600, refresh_in: 600 })
    .refuses(400, "invalid_scope", 70011);
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 10 });

  await callEachSecond(credential, 24);
  expect(entra.requests).toHaveLength(1 + 1);
  await callEachSecond(credential, 10 * 60);

  // 30, 60, 120, 240, 300, each shortened by up to a fifth.
  expect(entra.requests.length).toBeGreaterThanOrEqual(1 + 4);
  expect(entra.requests.length).toBeLessThanOrEqual(1 + 7);
});

test("5.4 a background refresh retries once by itself", async () => {
  const entra = fakeEntra().issues("first").refuses(503, "temporarily_unavailable");
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 56 });

  await credential.getToken(SCOPE);
  await clock.advance({ seconds: 10 });

  expect(entra.requests).toHaveLength(1 + 2);
});

test("5.4 a key is asked again when its token begins to expire, whatever the cool-down", async () => {
  const entra = fakeEntra().issues("first").refuses(400, "invalid_scope", 70011).issues("second");
  const credential = credentialAgainst(entra, { refresh: { coolDownMs: 300_000 } });
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 58 });
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 1, seconds: 31 });

  expect((await credential.getToken(SCOPE)).token).toBe("second");
});

test("5.4 without a token a refusal is remembered for 30 s", async () => {
  const entra = fakeEntra().refuses(400, "invalid_scope", 70011).issues("second");
  const credential = credentialAgainst(entra);
  const first = await rejection(credential.getToken(SCOPE));

  await clock.advance({ seconds: 23 });
  const second = await rejection(credential.getToken(SCOPE));

  expect(first).toMatchObject({ remembered: false, statusCode: 400, entraCode: 70011 });
  expect(second).toMatchObject({ remembered: true, statusCode: 400, entraCode: 70011 });
  expect(second).not.toBe(first);
  expect(entra.requests).toHaveLength(1);

  await clock.advance({ seconds: 7 });
  expect((await credential.getToken(SCOPE)).token).toBe("second");
});

test("5.4 without a token a transient failure is remembered for 200 ms, doubling to 5 s", async () => {
  const entra = fakeEntra().fails("ECONNRESET");
  const credential = credentialAgainst(entra, {
    resilience: { maxRetries: 0, circuitBreaker: false },
  });

  await rejection(credential.getToken(SCOPE));
  const holds: number[] = [];
  while (holds.length < 8) {
    const requests = entra.requests.length;
    const failedAt = Date.now();
    while (entra.requests.length === requests) {
      await clock.advance({ ms: 10 });
      await rejection(credential.getToken(SCOPE));
    }
    holds.push(Date.now() - failedAt);
  }

  for (const [index, ms] of holds.entries()) {
    const full = Math.min(200 * 2 ** index, 5_000);
    expect(ms).toBeLessThanOrEqual(full + 10);
    expect(ms).toBeGreaterThanOrEqual(full * 0.8);
  }
});

test("5.4 what the authority says of the client holds for all scopes of that tenant and no other", async () => {
  const entra = fakeEntra().refuses(401, "invalid_client", 700027).issues("other");
  const credential = credentialAgainst(entra, { additionallyAllowedTenants: [OTHER_TENANT] });
  await rejection(credential.getToken(SCOPE));

  const sameTenant = await rejection(credential.getToken(OTHER_SCOPE));
  const otherTenant = await credential.getToken(SCOPE, { tenantId: OTHER_TENANT });

  expect(sameTenant).toMatchObject({ remembered: true, entraCode: 700027 });
  expect(otherTenant.token).toBe("other");
  expect(entra.requests).toHaveLength(2);
});

test("5.4 what the authority says of a scope holds for that scope alone", async () => {
  const entra = fakeEntra().refuses(400, "invalid_scope", 70011).issues("other");
  const credential = credentialAgainst(entra);
  await rejection(credential.getToken(SCOPE));

  expect((await credential.getToken(OTHER_SCOPE)).token).toBe("other");
});

test("5.4 a forced refresh and a new challenge pass what is remembered", async () => {
  const entra = fakeEntra()
    .refuses(401, "invalid_client", 700027)
    .refuses(401, "invalid_client", 700027)
    .issues("mended");
  const credential = credentialAgainst(entra);
  await rejection(credential.getToken(SCOPE));

  const forced = await rejection(credential.getToken(SCOPE, { forceRefresh: true }));
  const challenged = await credential.getToken(SCOPE, { claims: '{"access_token":{}}' });

  expect(forced).toMatchObject({ remembered: false });
  expect(challenged.token).toBe("mended");
});

test("5.4 success opens the gate of the whole tenant", async () => {
  const entra = fakeEntra().refuses(401, "invalid_client", 700027).issues("first").issues("second");
  const credential = credentialAgainst(entra);
  await rejection(credential.getToken(SCOPE));
  await credential.getToken(OTHER_SCOPE, { forceRefresh: true });

  await clock.advance({ seconds: 30 });

  expect((await credential.getToken(SCOPE)).token).toBe("second");
});

test("5.4 a refresh that brings the same expiry is no reason to ask again and again", async () => {
  const entra = fakeEntra().replies(() => {
    const left = Math.round((Date.parse("2026-03-01T13:00:00Z") - Date.now()) / 1_000);
    const body = { token_type: "Bearer", access_token: "same", expires_in: left };
    return { status: 200, headers: {}, body: JSON.stringify(body) };
  });
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 55 });

  await callEachSecond(credential, 290);

  expect(entra.requests.length).toBeLessThanOrEqual(1 + 8);
});

test("6.4 until a Retry-After is over nobody of that tenant asks, not even by force", async () => {
  const entra = fakeEntra()
    .refuses(429, "throttled", 50196, { "retry-after": "60" })
    .issues("later");
  const credential = credentialAgainst(entra, { additionallyAllowedTenants: [OTHER_TENANT] });
  const first = await rejection(credential.getToken(SCOPE));

  const others = [
    await rejection(credential.getToken(OTHER_SCOPE)),
    await rejection(credential.getToken(SCOPE, { forceRefresh: true })),
    await rejection(credential.getToken(SCOPE, { claims: '{"a":1}' })),
  ];

  expect(first).toMatchObject({ statusCode: 429, retryAfterMs: 60_000, remembered: false });
  for (const error of others) expect(error).toMatchObject({ statusCode: 429, remembered: true });
  expect(entra.requests).toHaveLength(1);
  expect((await credential.getToken(SCOPE, { tenantId: OTHER_TENANT })).token).toBe("later");
  await clock.advance({ seconds: 66 });
  expect((await credential.getToken(SCOPE)).token).toBe("later");
});

test("6.4 a usable token is served through a Retry-After", async () => {
  const entra = fakeEntra()
    .issues("first")
    .refuses(429, "throttled", undefined, { "retry-after": "3600" });
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 56 });

  await callEachSecond(credential, 230);

  expect(entra.requests).toHaveLength(2);
});

test("6.4 nothing that is heard later shortens a Retry-After", async () => {
  const entra = fakeEntra();
  const landOther = Promise.withResolvers<void>();
  entra.replies(async () => {
    await landOther.promise;
    return { status: 400, headers: { "retry-after": "1" }, body: '{"error":"invalid_scope"}' };
  });
  entra.refuses(429, "throttled", undefined, { "retry-after": "60" }).issues("later");
  const credential = credentialAgainst(entra);
  const other = rejection(credential.getToken(OTHER_SCOPE));
  await vi.waitFor(() => expect(entra.requests).toHaveLength(1));
  await rejection(credential.getToken(SCOPE));
  landOther.resolve();
  await other;

  await clock.advance({ seconds: 50 });

  expect(await rejection(credential.getToken("third"))).toMatchObject({ statusCode: 429 });
  expect(entra.requests).toHaveLength(2);
});

test("6.4 a refusal of the client that comes with a Retry-After holds by force too", async () => {
  const entra = fakeEntra().refuses(401, "invalid_client", 700027, { "retry-after": "120" });
  const credential = credentialAgainst(entra);
  await rejection(credential.getToken(SCOPE));

  await rejection(credential.getToken(SCOPE, { forceRefresh: true }));

  expect(entra.requests).toHaveLength(1);
});

test("5.4 a refusal of a flight begun before a challenge shuts no gate", async () => {
  const entra = fakeEntra();
  const landOld = Promise.withResolvers<void>();
  entra.replies(async () => {
    await landOld.promise;
    return { status: 401, headers: {}, body: '{"error":"invalid_client"}' };
  });
  entra.issues("won").issues("other");
  const credential = credentialAgainst(entra);
  const old = rejection(credential.getToken(SCOPE));
  await vi.waitFor(() => expect(entra.requests).toHaveLength(1));
  await credential.getToken(SCOPE, { claims: '{"a":1}' });

  landOld.resolve();

  expect(await old).toMatchObject({ statusCode: 401 });
  expect((await credential.getToken(OTHER_SCOPE)).token).toBe("other");
});

import { expect, test } from "vitest";
import { ClientAuthenticationError } from "../../src/index.ts";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { type FakeEntra, fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";

const clock = useFakeClock();

type Fault = readonly [name: string, plant: (entra: FakeEntra) => FakeEntra];

const SYSTEM_CODES = ["EAI_AGAIN", "EPIPE", "ECONNRESET", "ENOTFOUND", "ETIMEDOUT", "ECONNREFUSED"];

const RETRIED: readonly Fault[] = [
  ...SYSTEM_CODES.map((code): Fault => [code, (entra) => entra.fails(code)]),
  ...[408, 429, 500, 502, 503, 504].map(
    (status): Fault => [
      `status ${status}`,
      (entra) => entra.refuses(status, "temporarily_unavailable"),
    ],
  ),
  ["a 503 of HTML", (entra) => entra.says(503, "<html>busy</html>")],
  ["a 200 of HTML", (entra) => entra.says(200, "<html>log in first</html>")],
  ["a truncated 200", (entra) => entra.says(200, '{"access_token":"half')],
  ["an attempt that hangs", (entra) => entra.hangs()],
];

test.each(RETRIED)("6.2 %s is tried again", async (_, plant) => {
  const entra = plant(fakeEntra()).issues("cured");
  const credential = credentialAgainst(entra);

  const call = credential.getToken(SCOPE);
  await clock.advance({ seconds: 12 });

  expect((await call).token).toBe("cured");
  expect(entra.requests).toHaveLength(2);
});

const NOT_RETRIED: readonly Fault[] = [
  ...[400, 401, 403, 404, 413].map(
    (status): Fault => [`status ${status}`, (entra) => entra.refuses(status, "invalid_request")],
  ),
  ["a redirect", (entra) => entra.says(307, "", { location: "https://elsewhere.example/" })],
];

test.each(NOT_RETRIED)("6.2 %s is not tried again", async (_, plant) => {
  const entra = plant(fakeEntra()).issues("never");
  const credential = credentialAgainst(entra);

  const call = rejection(credential.getToken(SCOPE));
  await clock.advance({ seconds: 12 });

  expect(await call).toBeInstanceOf(ClientAuthenticationError);
  expect(entra.requests).toHaveLength(1);
});

test("6.1 three retries by default, and each attempt is told of in the error", async () => {
  const entra = fakeEntra().fails("ECONNRESET");
  const credential = credentialAgainst(entra);

  const call = rejection(credential.getToken(SCOPE));
  await clock.advance({ seconds: 30 });

  expect(await call).toMatchObject({
    name: "TransportError",
    code: "ERR_TRANSPORT",
    systemCode: "ECONNRESET",
    transient: true,
    attempts: [1, 2, 3, 4].map((attempt) => ({
      attempt,
      code: "ERR_TRANSPORT",
      systemCode: "ECONNRESET",
    })),
  });
  expect(entra.requests).toHaveLength(4);
});

test("6.1 a POST that hangs is given up after ten seconds, the whole after thirty", async () => {
  const entra = fakeEntra().hangs();
  const credential = credentialAgainst(entra);
  const started = Date.now();
  let failedAt = 0;

  const call = rejection(credential.getToken(SCOPE)).finally(() => {
    failedAt = Date.now();
  });
  await clock.advance({ seconds: 40 });

  expect(await call).toMatchObject({
    name: "AcquisitionTimeoutError",
    code: "ERR_TIMEOUT",
    budget: "deadline",
    timeoutMs: 30_000,
    cause: { budget: "attempt", timeoutMs: 10_000 },
  });
  expect(failedAt - started).toBe(30_000);
  expect(entra.requests).toHaveLength(3);
  for (const { signal } of entra.requests) expect(signal.aborted).toBe(true);
});

test.each([
  [
    "attemptTimeoutMs",
    { attemptTimeoutMs: 100, maxRetries: 0 },
    { budget: "attempt", timeoutMs: 100 },
  ],
  ["deadlineMs", { deadlineMs: 300, maxRetries: 0 }, { budget: "deadline", timeoutMs: 300 }],
  [
    "maxRetries",
    { attemptTimeoutMs: 10, maxRetries: 1 },
    { attempts: [{ attempt: 1 }, { attempt: 2 }] },
  ],
  ["backoffMs", { attemptTimeoutMs: 10, backoffMs: 60_000 }, { budget: "deadline" }],
])("6.1 %s is an option", async (_, resilience, error) => {
  const credential = credentialAgainst(fakeEntra().hangs(), { resilience });

  const call = rejection(credential.getToken(SCOPE));
  await clock.advance({ seconds: 40 });

  expect(await call).toMatchObject(error);
});

test("6.1 assertionTimeoutMs is an option", async () => {
  const credential = credentialAgainst(fakeEntra(), {
    getAssertion: () => new Promise(() => {}),
    resilience: { assertionTimeoutMs: 50 },
  });

  const call = rejection(credential.getToken(SCOPE));
  await clock.advance({ ms: 50 });

  expect(await call).toMatchObject({ code: "ERR_ASSERTION_UNAVAILABLE" });
});

test("6.3 waits lie between 200 ms and 5 s, and no two credentials wait alike", async () => {
  const waits: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const at: number[] = [];
    const entra = fakeEntra().replies(() => {
      at.push(Date.now());
      throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
    });
    const call = rejection(credentialAgainst(entra).getToken(SCOPE));
    await clock.advance({ seconds: 30 });
    await call;
    waits.push(...at.slice(1).map((time, index) => time - (at[index] ?? 0)));
  }

  expect(Math.min(...waits)).toBeGreaterThanOrEqual(200);
  expect(Math.max(...waits)).toBeLessThanOrEqual(5_000);
  expect(new Set(waits).size).toBeGreaterThan(20);
});

test("6.3 an abort cuts the wait before a retry short", async () => {
  const entra = fakeEntra().refuses(503, "busy", undefined, { "retry-after": "20" });
  const credential = credentialAgainst(entra);
  const impatient = new AbortController();
  const call = rejection(credential.getToken(SCOPE, { abortSignal: impatient.signal }));
  await clock.advance({ seconds: 1 });

  impatient.abort();

  // The clock stands still: the rest of the twenty seconds never passes.
  expect(await call).toMatchObject({ name: "AbortError" });
  await clock.advance({ seconds: 60 });
  expect(entra.requests).toHaveLength(1);
});

test.each([
  ["seconds", { "retry-after": "7" }],
  ["a date", { "retry-after": "Sun, 01 Mar 2026 12:00:07 GMT" }],
  ["milliseconds", { "retry-after-ms": "7000" }],
  ["Azure's milliseconds", { "x-ms-retry-after-ms": "7000" }],
])("6.4 a Retry-After in %s is waited for, and a little longer", async (_, headers) => {
  const entra = fakeEntra().refuses(429, "throttled", undefined, headers).issues("first");
  const credential = credentialAgainst(entra);

  const call = credential.getToken(SCOPE);
  await clock.advance({ ms: 6_999 });
  expect(entra.requests).toHaveLength(1);
  await clock.advance({ ms: 701 });

  expect((await call).token).toBe("first");
});

test("6.4 a Retry-After beyond the deadline fails at once and says when to ask again", async () => {
  const entra = fakeEntra().refuses(429, "throttled", undefined, { "retry-after": "60" });

  const error = await rejection(credentialAgainst(entra).getToken(SCOPE));

  expect(error).toMatchObject({ statusCode: 429, transient: true, retryAfterMs: 60_000 });
});

test("5.4 a background refresh that somebody waits for retries as any other", async () => {
  const entra = fakeEntra().issues("first");
  for (const _ of [1, 2]) entra.refuses(503, "busy", undefined, { "retry-after": "2" });
  entra.issues("second");
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 59, seconds: 29, ms: 900 });
  await credential.getToken(SCOPE);

  const call = credential.getToken(SCOPE, { minimumValidityMs: 60_000 });
  await clock.advance({ seconds: 6 });

  expect((await call).token).toBe("second");
});

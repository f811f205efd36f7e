/**
 * What `@azure/identity` 4.14 does wrong, row by row, and what is done here. The numbers of the rows
 * are those of docs/drill.md, where the same rows run against a real server and beside the incumbent.
 */
import { expect, test, vi } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

const NEVER_SETTLES = (): Promise<string> => new Promise<string>(() => {});

test("M1 fifty cold calls make one request and one assertion", async () => {
  const getAssertion = vi.fn(async () => "an-assertion");
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, { getAssertion });

  await Promise.all(times(50, () => credential.getToken(SCOPE)));

  expect([entra.requests.length, getAssertion.mock.calls.length]).toEqual([1, 1]);
});

test("M2 when a refresh is due nobody waits for it, however slow the authority is", async () => {
  const entra = fakeEntra().issues("first", { refresh_in: 60 }).issues("second");
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  entra.takes(4_000);
  await clock.advance({ seconds: 61 });

  // The clock stands still: whoever waited for the authority would never come back.
  const tokens = await Promise.all(times(20, () => credential.getToken(SCOPE)));
  await clock.advance({ seconds: 4 });

  expect(new Set(tokens.map(({ token }) => token))).toEqual(new Set(["first"]));
  expect(entra.requests).toHaveLength(2);
  expect(credential.peek(SCOPE)?.token).toBe("second");
});

test("M3 one 503 in the refresh window is noticed by no call of the next minute", async () => {
  const entra = fakeEntra().issues("first", { refresh_in: 60 }).refuses(503, "busy");
  const credential = credentialAgainst(entra.issues("second"));
  await credential.getToken(SCOPE);
  await clock.advance({ seconds: 61 });

  for (let second = 0; second < 60; second += 1) {
    await credential.getToken(SCOPE);
    await clock.advance({ seconds: 1 });
  }

  expect(credential.peek(SCOPE)?.token).toBe("second");
});

test("M4 an abort and a timeout reject when they fire", async () => {
  const abort = new AbortController();
  const credential = credentialAgainst(fakeEntra().hangs());
  const aborted = rejection(credential.getToken(SCOPE, { abortSignal: abort.signal }));
  const late = rejection(credential.getToken(SCOPE, { requestOptions: { timeout: 50 } }));

  await clock.advance({ ms: 50 });
  abort.abort();

  expect(await aborted).toMatchObject({ name: "AbortError" });
  expect(await late).toMatchObject({ code: "ERR_TIMEOUT", budget: "caller" });
});

test("M5 an assertion that never comes is a typed error after ten seconds", async () => {
  const credential = credentialAgainst(fakeEntra(), { getAssertion: NEVER_SETTLES });

  const call = rejection(credential.getToken(SCOPE));
  await clock.advance({ seconds: 10 });

  expect(await call).toMatchObject({ code: "ERR_ASSERTION_UNAVAILABLE" });
});

test("M7 the same claims five times are one request", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}';

  for (let call = 0; call < 5; call += 1) await credential.getToken(SCOPE, { claims });

  expect(entra.requests).toHaveLength(1);
});

test("M8 fifty calls that are throttled make two requests, the second when it is time", async () => {
  const entra = fakeEntra()
    .refuses(429, "throttled", undefined, { "retry-after": "1" })
    .issues("first");
  const credential = credentialAgainst(entra);

  const calls = Promise.all(times(50, () => credential.getToken(SCOPE)));
  await clock.advance({ seconds: 2 });

  expect((await calls).every(({ token }) => token === "first")).toBe(true);
  expect(entra.requests).toHaveLength(2);
});

test("M9 a connection reset on each try is a transport error that names the system's code", async () => {
  const call = rejection(credentialAgainst(fakeEntra().fails("ECONNRESET")).getToken(SCOPE));
  await clock.advance({ seconds: 20 });

  expect(await call).toMatchObject({
    name: "TransportError",
    systemCode: "ECONNRESET",
    attempts: times(4, () => expect.objectContaining({ systemCode: "ECONNRESET" })),
  });
});

test("M10 a token of 250 s is served from the cache", async () => {
  const entra = fakeEntra().issues("short", { expires_in: 250 });
  const credential = credentialAgainst(entra);

  for (let call = 0; call < 10; call += 1) await credential.getToken(SCOPE);

  expect(entra.requests).toHaveLength(1);
});

test("M11 with 299 s left and an authority that answers 503, callers get the token", async () => {
  const entra = fakeEntra().issues("first").refuses(503, "busy");
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 55, seconds: 1 });

  const calls = await Promise.all(times(20, () => credential.getToken(SCOPE)));

  expect(new Set(calls.map(({ token }) => token))).toEqual(new Set(["first"]));
});

import { AsyncLocalStorage, createHook } from "node:async_hooks";
import { expect, onTestFinished, test, vi } from "vitest";
import { CredentialError } from "../../src/index.ts";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, OTHER_SCOPE, OTHER_TENANT, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { OlderSignal } from "../support/older-signal.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

test("5.5 ten thousand cold callers make one request and one assertion call", async () => {
  const entra = fakeEntra().takes(100);
  const getAssertion = vi.fn(async () => "an-assertion");
  const credential = credentialAgainst(entra, { getAssertion });

  const calls = Promise.all(times(10_000, () => credential.getToken(SCOPE)));
  await clock.advance({ ms: 100 });

  expect(new Set((await calls).map(({ token }) => token))).toEqual(new Set(["token-1"]));
  expect(entra.requests).toHaveLength(1);
  expect(getAssertion).toHaveBeenCalledTimes(1);
});

test("5.5 different keys do not wait for each other", async () => {
  const entra = fakeEntra().hangs().issues("second");
  const credential = credentialAgainst(entra);

  void credential.getToken(SCOPE).catch(() => {});
  const token = await credential.getToken(OTHER_SCOPE);

  expect(token.token).toBe("second");
});

test("5.1 tenants and CAE have tokens of their own", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, { additionallyAllowedTenants: [OTHER_TENANT] });

  const tokens = [
    await credential.getToken(SCOPE),
    await credential.getToken(SCOPE, { tenantId: OTHER_TENANT }),
    await credential.getToken(SCOPE, { enableCae: true }),
    await credential.getToken(SCOPE, { tenantId: OTHER_TENANT, enableCae: true }),
  ];

  expect(new Set(tokens.map(({ token }) => token)).size).toBe(4);
});

test("7 callers of one failed flight get equal errors and each one its own", async () => {
  const credential = credentialAgainst(fakeEntra().refuses(401, "invalid_client", 700027));

  const errors = await Promise.all(times(3, () => rejection(credential.getToken(SCOPE))));

  expect(new Set(errors).size).toBe(3);
  expect(errors.map((error) => error instanceof CredentialError && error.message)).toEqual(
    times(3, () => expect.stringContaining("AADSTS700027")),
  );
  expect(
    new Set(errors.map((error) => error instanceof CredentialError && error.correlationId)).size,
  ).toBe(1);
});

test("2.4 a caller's abort makes only that caller leave", async () => {
  const entra = fakeEntra();
  const land = entra.holds("first");
  const credential = credentialAgainst(entra);
  const impatient = new AbortController();

  const leaving = rejection(credential.getToken(SCOPE, { abortSignal: impatient.signal }));
  const staying = credential.getToken(SCOPE);
  await vi.waitFor(() => expect(entra.requests).toHaveLength(1));
  impatient.abort(new Error("the user left"));

  expect(await leaving).toMatchObject({ name: "AbortError", cause: { message: "the user left" } });
  land();
  expect((await staying).token).toBe("first");
});

test("2.4 after an abort by the last one the request is destroyed", async () => {
  const entra = fakeEntra().hangs();
  const credential = credentialAgainst(entra);
  const controllers = times(2, () => new AbortController());

  const calls = controllers.map(({ signal }) =>
    rejection(credential.getToken(SCOPE, { abortSignal: signal })),
  );
  await vi.waitFor(() => expect(entra.requests).toHaveLength(1));
  controllers[0]?.abort();
  expect(entra.requests[0]?.signal.aborted).toBe(false);
  controllers[1]?.abort();
  await Promise.all(calls);

  expect(entra.requests[0]?.signal.aborted).toBe(true);
});

test("2.4 an abort is no failure: the next call flies at once", async () => {
  const entra = fakeEntra().hangs().issues("second");
  const credential = credentialAgainst(entra);
  const impatient = new AbortController();
  const leaving = rejection(credential.getToken(SCOPE, { abortSignal: impatient.signal }));
  await vi.waitFor(() => expect(entra.requests).toHaveLength(1));
  impatient.abort();
  await leaving;

  expect((await credential.getToken(SCOPE)).token).toBe("second");
});

test("2.4 a signal that has fired rejects before anything is sent, also with a token at hand", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);

  const errors = [
    await rejection(credential.getToken(SCOPE, { abortSignal: AbortSignal.abort() })),
    await rejection(credential.getToken(OTHER_SCOPE, { abortSignal: AbortSignal.abort() })),
  ];

  expect(errors).toMatchObject([{ name: "AbortError" }, { name: "AbortError" }]);
  expect(entra.requests).toHaveLength(1);
});

test("2.4 a signal of the older Azure SDKs is enough, and its listeners go again", async () => {
  const entra = fakeEntra();
  const land = entra.holds("first");
  const credential = credentialAgainst(entra);
  const signal = new OlderSignal();

  const call = credential.getToken(SCOPE, { abortSignal: signal });
  await vi.waitFor(() => expect(entra.requests).toHaveLength(1));
  expect(signal.listeners.size).toBe(1);
  land();
  await call;

  expect(signal.listeners.size).toBe(0);
});

test("2.4 however many wait under one signal, it gets one listener", async () => {
  const entra = fakeEntra();
  const land = entra.holds("first");
  const credential = credentialAgainst(entra);
  const signal = new OlderSignal();

  const calls = Promise.all(times(50, () => credential.getToken(SCOPE, { abortSignal: signal })));
  await vi.waitFor(() => expect(entra.requests).toHaveLength(1));
  expect(signal.listeners.size).toBe(1);
  land();
  await calls;

  expect(signal.listeners.size).toBe(0);
});

test("2.4 a signal that fires once ends the wait of all who wait under it", async () => {
  const entra = fakeEntra().hangs();
  const credential = credentialAgainst(entra);
  const signal = new OlderSignal();
  const calls = times(3, () => rejection(credential.getToken(SCOPE, { abortSignal: signal })));
  await vi.waitFor(() => expect(entra.requests).toHaveLength(1));

  signal.abort();

  expect(await Promise.all(calls)).toMatchObject(times(3, () => ({ name: "AbortError" })));
});

test("2.4 a signal without a reason aborts its caller", async () => {
  const entra = fakeEntra().hangs();
  const credential = credentialAgainst(entra);
  const signal = new OlderSignal();
  const call = rejection(credential.getToken(SCOPE, { abortSignal: signal }));
  await vi.waitFor(() => expect(entra.requests).toHaveLength(1));

  signal.abort();

  expect(await call).toMatchObject({ name: "AbortError" });
  expect(entra.requests[0]?.signal.aborted).toBe(true);
});

test("2.4 a caller's timeout rejects that caller, and the flight still fills the cache", async () => {
  const entra = fakeEntra().takes(100);
  const credential = credentialAgainst(entra);

  const call = rejection(credential.getToken(SCOPE, { requestOptions: { timeout: 50 } }));
  await clock.advance({ ms: 50 });

  expect(await call).toMatchObject({ code: "ERR_TIMEOUT", budget: "caller", timeoutMs: 50 });
  await clock.advance({ ms: 50 });
  expect(credential.peek(SCOPE)?.token).toBe("token-1");
  expect(entra.requests).toHaveLength(1);
});

test("2.4 whoever joins a flight that goes on cannot end it by leaving", async () => {
  const entra = fakeEntra().takes(100);
  const credential = credentialAgainst(entra);
  const impatient = new AbortController();
  const first = rejection(credential.getToken(SCOPE, { requestOptions: { timeout: 10 } }));
  const second = rejection(credential.getToken(SCOPE, { abortSignal: impatient.signal }));
  await clock.advance({ ms: 20 });

  impatient.abort();
  await clock.advance({ ms: 80 });

  expect(await first).toMatchObject({ code: "ERR_TIMEOUT" });
  expect(await second).toMatchObject({ name: "AbortError" });
  expect(credential.peek(SCOPE)?.token).toBe("token-1");
});

test("2.6 a hit works under any async hook", async () => {
  const credential = credentialAgainst(fakeEntra());
  await credential.getToken(SCOPE);
  const hook = createHook({ init: () => {} }).enable();
  onTestFinished(() => void hook.disable());

  const token = await new AsyncLocalStorage().run({}, () => credential.getToken(SCOPE));

  expect(token.token).toBe("token-1");
});

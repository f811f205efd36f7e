import { test } from "vitest";
import { SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";
import { useScene } from "./support/scene.ts";

const scene = useScene();

test("5.5 three callers share one flight", async () => {
  const credential = scene.credential(fakeEntra().takes(100));

  const calls = times(3, () => credential.getToken(SCOPE));
  await scene.clock.advance({ ms: 50 });
  await scene.stands({ waiting: 3, refreshing: 1 });
  await scene.after({ ms: 50 }, Promise.all(calls));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 100ms to 1,4,5 shop:vault aad correlation=#1 trigger=on_demand waiters=3 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=shared
      5 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=shared
      6 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=shared: 2
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.1
      e.c.token.acquisition.duration s name=shop source=shared: n=2 sum=0.2
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("2.4 one of two callers leaves by abort", async () => {
  const credential = scene.credential(fakeEntra().takes(100));
  const impatient = new AbortController();

  const leaving = rejection(credential.getToken(SCOPE, { abortSignal: impatient.signal }));
  const staying = credential.getToken(SCOPE);
  await scene.clock.advance({ ms: 50 });
  impatient.abort();
  await leaving;
  await scene.after({ ms: 50 }, staying);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 50ms to 2 shop:vault aad source=none
      2 e.c.refresh INTERNAL 100ms to 1,4 shop:vault aad correlation=#1 trigger=on_demand waiters=2 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=shared
      5 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none: 1
      e.c.token.acquisitions {acquisition} name=shop source=shared: 1
      e.c.token.acquisition.duration s name=shop source=none: n=1 sum=0.05
      e.c.token.acquisition.duration s name=shop source=shared: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("2.4 all callers leave by abort", async () => {
  const credential = scene.credential(fakeEntra().takes(100));
  const impatient = new AbortController();

  const calls = times(2, () =>
    rejection(credential.getToken(SCOPE, { abortSignal: impatient.signal })),
  );
  await scene.clock.advance({ ms: 50 });
  impatient.abort();
  await Promise.all(calls);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 50ms to 2 shop:vault aad source=none
      2 e.c.refresh INTERNAL 50ms to 1,4 shop:vault aad correlation=#1 trigger=on_demand waiters=2 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 ClientAssertionCredential.getToken INTERNAL 50ms to 2 shop:vault aad source=none
      5 POST CLIENT 50ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none: 2
      e.c.token.acquisition.duration s name=shop source=none: n=2 sum=0.1
      e.c.authority.request.duration s method=POST entra: n=1 sum=0.05
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0`,
    state: {},
  });
});

test("2.4 a caller that leaves while the assertion is made", async () => {
  const credential = scene.credential(fakeEntra(), { getAssertion: () => new Promise(() => {}) });
  const impatient = new AbortController();

  const call = rejection(credential.getToken(SCOPE, { abortSignal: impatient.signal }));
  await scene.clock.advance({ ms: 50 });
  impatient.abort();
  await call;

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 50ms to 2 shop:vault aad source=none
      2 e.c.refresh INTERNAL 50ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=0
      3 e.c.assertion INTERNAL 50ms in 2 name=shop aad kind=callback`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none: 1
      e.c.token.acquisition.duration s name=shop source=none: n=1 sum=0.05`,
    state: {},
  });
});

test("2.4 a caller whose signal had fired before", async () => {
  const credential = await scene.warmed(fakeEntra().takes(100));

  await rejection(credential.getToken(SCOPE, { abortSignal: AbortSignal.abort() }));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=none`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=none: 1`,
    state: { tokens: 1, expires: "13:00:00" },
  });
});

test("2.4 a caller runs out of time, and its flight goes on and fills the cache", async () => {
  const credential = scene.credential(fakeEntra().takes(100));

  const call = rejection(credential.getToken(SCOPE, { requestOptions: { timeout: 40 } }));
  await scene.clock.advance({ ms: 40 });
  await call;
  await scene.clock.advance({ ms: 60 });
  await credential.getToken(SCOPE);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 40ms to 2 ERROR(ERR_TIMEOUT) shop:vault aad source=none error=timeout
      2 e.c.refresh INTERNAL 100ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200
      5 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=cache`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=cache: 1
      e.c.token.acquisitions {acquisition} name=shop source=none error=timeout: 1
      e.c.token.acquisition.duration s name=shop source=none error=timeout: n=1 sum=0.04
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("8 a call after closing", async () => {
  const credential = await scene.warmed(fakeEntra().takes(100));
  await rejection(credential.getToken(""));
  await scene.stands({ tokens: 1, expires: "13:00:00" });

  await credential.close();
  await rejection(credential.getToken(SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 0ms ERROR(ERR_CONFIGURATION) name=shop client=CLIENT tenant=TENANT aad source=none error=configuration
      2 ClientAssertionCredential.getToken INTERNAL 0ms ERROR(ERR_CLOSED) shop:vault aad source=none error=closed`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=none error=closed: 1
      e.c.token.acquisitions {acquisition} name=shop source=none error=configuration: 1`,
    state: `
      e.c.retry_budget.remaining {retry} entra resilience=shop: 3
      e.c.circuit_breaker.status {circuit} entra circuit=closed resilience=shop: 0
      e.c.circuit_breaker.status {circuit} entra circuit=half_open resilience=shop: 0
      e.c.circuit_breaker.status {circuit} entra circuit=open resilience=shop: 0
      e.c.token.expiry.timestamp s name=shop: 0
      e.c.cache.usage {entry} name=shop: 0
      e.c.cache.limit {entry} name=shop: 0
      e.c.token.request.active {request} name=shop state=refreshing: 0
      e.c.token.request.active {request} name=shop state=waiting: 0`,
  });
});

test("8 two callers are under way when the credential closes", async () => {
  const credential = scene.credential(fakeEntra().takes(100));

  const calls = times(2, () => rejection(credential.getToken(SCOPE)));
  await scene.clock.advance({ ms: 50 });
  await credential.close();
  await Promise.all(calls);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 50ms to 2 ERROR(ERR_CLOSED) shop:vault aad source=none error=closed
      2 e.c.refresh INTERNAL 50ms to 1,4 shop:vault aad correlation=#1 trigger=on_demand waiters=2 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 ClientAssertionCredential.getToken INTERNAL 50ms to 2 ERROR(ERR_CLOSED) shop:vault aad source=none error=closed
      5 POST CLIENT 50ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=closed: 2
      e.c.token.acquisition.duration s name=shop source=none error=closed: n=2 sum=0.1
      e.c.authority.request.duration s method=POST entra: n=1 sum=0.05
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0`,
    state: `
      e.c.token.request.active {request} name=shop state=refreshing: 0
      e.c.token.request.active {request} name=shop state=waiting: 0`,
  });
});

import { test } from "vitest";
import { SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { useScene } from "./support/scene.ts";

const scene = useScene();

test("this machine's clock is two minutes behind", async () => {
  const headers = { date: "Sun, 01 Mar 2026 12:02:00 GMT" };
  const token = { token_type: "Bearer", expires_in: 3600, access_token: "t" };
  const entra = fakeEntra().says(200, JSON.stringify(token), headers);

  await scene.credential(entra).getToken(SCOPE);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 0ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 0ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 0ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      WARN e.c.clock_skew_detected in 2 server=login.microsoftonline.com name=shop client=CLIENT skew=120 "this machine's clock is 120 s behind that of login.microsoftonline.com"
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("the package is loaded twice", async () => {
  const second = await scene.secondCopy();

  await scene.credential(fakeEntra()).getToken(SCOPE);
  await second.credential(fakeEntra(), { telemetry: { name: "till" } }).getToken(SCOPE);
  await scene.credential(fakeEntra()).getToken(SCOPE);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 0ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 0ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 0ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200
      5 ClientAssertionCredential.getToken INTERNAL 0ms to 6 name=till client=CLIENT tenant=TENANT resource=https://vault.azure.net aad source=authority
      6 e.c.refresh INTERNAL 0ms to 5 name=till client=CLIENT tenant=TENANT resource=https://vault.azure.net aad correlation=#2 trigger=on_demand waiters=1 attempts=1
      7 e.c.assertion INTERNAL 0ms in 6 name=till aad kind=callback
      8 POST CLIENT 0ms in 6 method=POST entra url=TOKEN_URL aad correlation=#2 status=200
      9 ClientAssertionCredential.getToken INTERNAL 0ms to 10 shop:vault aad source=authority
      10 e.c.refresh INTERNAL 0ms to 9 shop:vault aad correlation=#3 trigger=on_demand waiters=1 attempts=1
      11 e.c.assertion INTERNAL 0ms in 10 name=shop aad kind=callback
      12 POST CLIENT 0ms in 10 method=POST entra url=TOKEN_URL aad correlation=#3 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 2
      e.c.token.acquisitions {acquisition} name=till source=authority: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=2 sum=0
      e.c.token.acquisition.duration s name=till source=authority: n=1 sum=0
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=2 sum=0
      e.c.token.refresh.duration s name=till trigger=on_demand: n=1 sum=0
      e.c.authority.request.duration s method=POST entra status=200: n=3 sum=0
      e.c.assertion.duration s name=shop kind=callback: n=2 sum=0
      e.c.assertion.duration s name=till kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=2 sum=7200
      e.c.token.lifetime s name=till: n=1 sum=3600`,
    state: `
      e.c.retry_budget.remaining {retry} entra resilience=shop: 3
      e.c.retry_budget.remaining {retry} entra resilience=till: 3
      e.c.circuit_breaker.status {circuit} entra circuit=closed resilience=shop: 2
      e.c.circuit_breaker.status {circuit} entra circuit=closed resilience=till: 1
      e.c.circuit_breaker.status {circuit} entra circuit=half_open resilience=shop: 0
      e.c.circuit_breaker.status {circuit} entra circuit=half_open resilience=till: 0
      e.c.circuit_breaker.status {circuit} entra circuit=open resilience=shop: 0
      e.c.circuit_breaker.status {circuit} entra circuit=open resilience=till: 0
      e.c.token.expiry.timestamp s name=shop: 2026-03-01T13:00:00.000Z
      e.c.token.expiry.timestamp s name=till: 2026-03-01T13:00:00.000Z
      e.c.cache.usage {entry} name=shop: 2
      e.c.cache.usage {entry} name=till: 1
      e.c.cache.limit {entry} name=shop: 20000
      e.c.cache.limit {entry} name=till: 10000
      e.c.token.request.active {request} name=shop state=refreshing: 0
      e.c.token.request.active {request} name=shop state=waiting: 0
      e.c.token.request.active {request} name=till state=refreshing: 0
      e.c.token.request.active {request} name=till state=waiting: 0`,
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"
      WARN e.c.duplicate_instances in 6 "affiant is loaded more than once in this process: each copy has caches, flights and circuits of its own"
      INFO e.c.token.refresh.completed in 6 name=till client=CLIENT tenant=TENANT resource=https://vault.azure.net correlation=#2 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"
      INFO e.c.token.refresh.completed in 10 shop:vault correlation=#3 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

import { test } from "vitest";
import { OTHER_SCOPE, OTHER_TENANT, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { useScene } from "./support/scene.ts";

const scene = useScene();

test("2 a cold call", async () => {
  const credential = scene.credential(fakeEntra().takes(100));

  await scene.after({ ms: 100 }, credential.getToken(SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 100ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: `
      e.c.retry_budget.remaining {retry} entra resilience=shop: 3
      e.c.circuit_breaker.status {circuit} entra circuit=closed resilience=shop: 1
      e.c.circuit_breaker.status {circuit} entra circuit=half_open resilience=shop: 0
      e.c.circuit_breaker.status {circuit} entra circuit=open resilience=shop: 0
      e.c.token.expiry.timestamp s name=shop: 2026-03-01T13:00:00.000Z
      e.c.cache.usage {entry} name=shop: 1
      e.c.cache.limit {entry} name=shop: 10000
      e.c.token.request.active {request} name=shop state=refreshing: 0
      e.c.token.request.active {request} name=shop state=waiting: 0`,
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("2.6 a hit", async () => {
  const credential = scene.credential(fakeEntra().takes(100));
  await scene.after({ ms: 100 }, credential.getToken(SCOPE));

  await credential.getToken(SCOPE);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 100ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200
      5 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=cache`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=cache: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("2.2 a hit by an array of scopes, one by getTokenInfo, and a peek, which is no call", async () => {
  const credential = scene.credential(fakeEntra().takes(100));
  await scene.after({ ms: 100 }, credential.getToken(SCOPE));

  await credential.getToken([SCOPE]);
  await credential.getTokenInfo(SCOPE);
  credential.peek(SCOPE);
  credential.health();

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 100ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200
      5 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=cache
      6 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=cache`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=cache: 2
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("5.5 two keys have a flight each", async () => {
  const credential = scene.credential(fakeEntra().takes(100));

  const calls = [credential.getToken(SCOPE), credential.getToken(OTHER_SCOPE)];
  await scene.after({ ms: 100 }, Promise.all(calls));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 100ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 ClientAssertionCredential.getToken INTERNAL 100ms to 5 shop:storage aad source=authority
      5 e.c.refresh INTERNAL 100ms to 4 shop:storage aad correlation=#2 trigger=on_demand waiters=1 attempts=1
      6 e.c.assertion INTERNAL 0ms in 5 name=shop aad kind=callback
      7 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200
      8 POST CLIENT 100ms in 5 method=POST entra url=TOKEN_URL aad correlation=#2 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 2
      e.c.token.acquisition.duration s name=shop source=authority: n=2 sum=0.2
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=2 sum=0.2
      e.c.authority.request.duration s method=POST entra status=200: n=2 sum=0.2
      e.c.assertion.duration s name=shop kind=callback: n=2 sum=0
      e.c.token.lifetime s name=shop: n=2 sum=7200`,
    state: { tokens: 2, expires: "13:00:00" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"
      INFO e.c.token.refresh.completed in 5 shop:storage correlation=#2 trigger=on_demand attempts=1 lasts=3600 "got a token for https://storage.azure.com (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("2.5 a call for another tenant that is allowed", async () => {
  const credential = scene.credential(fakeEntra().takes(100), {
    additionallyAllowedTenants: [OTHER_TENANT],
  });

  await scene.after({ ms: 100 }, credential.getToken(SCOPE, { tenantId: OTHER_TENANT }));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 name=shop client=CLIENT tenant=OTHER_TENANT resource=https://vault.azure.net aad source=authority
      2 e.c.refresh INTERNAL 100ms to 1 name=shop client=CLIENT tenant=OTHER_TENANT resource=https://vault.azure.net aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 method=POST entra url=https://login.microsoftonline.com/OTHER_TENANT/oauth2/v2.0/token aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      INFO e.c.token.refresh.completed in 2 name=shop client=CLIENT tenant=OTHER_TENANT resource=https://vault.azure.net correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("2.5 a call for a tenant that is not allowed", async () => {
  const credential = scene.credential(fakeEntra());

  await rejection(credential.getToken(SCOPE, { tenantId: OTHER_TENANT }));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 0ms ERROR(ERR_TENANT_NOT_ALLOWED) name=shop client=CLIENT tenant=TENANT aad source=none error=tenant_not_allowed`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=tenant_not_allowed: 1`,
    state: {},
  });
});

test("7 a call without a scope is a mistake of the configuration", async () => {
  const credential = scene.credential(fakeEntra());

  await rejection(credential.getToken(""));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 0ms ERROR(ERR_CONFIGURATION) name=shop client=CLIENT tenant=TENANT aad source=none error=configuration`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=configuration: 1`,
    state: {},
  });
});

test("1.3 an authority of one's own is named with its port", async () => {
  const credential = scene.credential(fakeEntra().takes(100), {
    authorityHost: "https://login.contoso.example:8443",
  });

  await scene.after({ ms: 100 }, credential.getToken(SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 100ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 method=POST server=login.contoso.example port=8443 url=https://login.contoso.example:8443/TENANT/oauth2/v2.0/token aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST server=login.contoso.example port=8443 status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: `
      e.c.retry_budget.remaining {retry} server=login.contoso.example port=8443 resilience=shop: 3
      e.c.circuit_breaker.status {circuit} server=login.contoso.example port=8443 circuit=closed resilience=shop: 1
      e.c.circuit_breaker.status {circuit} server=login.contoso.example port=8443 circuit=half_open resilience=shop: 0
      e.c.circuit_breaker.status {circuit} server=login.contoso.example port=8443 circuit=open resilience=shop: 0
      e.c.token.expiry.timestamp s name=shop: 2026-03-01T13:00:00.000Z
      e.c.cache.usage {entry} name=shop: 1
      e.c.cache.limit {entry} name=shop: 10000
      e.c.token.request.active {request} name=shop state=refreshing: 0
      e.c.token.request.active {request} name=shop state=waiting: 0`,
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

import { test } from "vitest";
import { OTHER_SCOPE, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { useScene } from "./support/scene.ts";

const scene = useScene();

test("5.8 the token of one scope is invalidated", async () => {
  const credential = await scene.warmed(fakeEntra().takes(100));

  credential.invalidate(SCOPE);
  await scene.after({ ms: 100 }, credential.getToken(SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 100ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 2
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600
      e.c.cache.evictions {entry} name=shop eviction=invalidated: 1`,
    state: { tokens: 1, expires: "13:00:00.100" },
    logs: `
      DEBUG e.c.cache.evicted shop:vault eviction=invalidated "let the token for https://vault.azure.net go: invalidated"
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("5.8 all tokens are invalidated", async () => {
  const credential = await scene.warmed(fakeEntra());
  await credential.getToken(OTHER_SCOPE);

  credential.invalidate();

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 0ms to 2 shop:storage aad source=authority
      2 e.c.refresh INTERNAL 0ms to 1 shop:storage aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 0ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 2
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600
      e.c.cache.evictions {entry} name=shop eviction=invalidated: 2`,
    state: {},
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:storage correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://storage.azure.com (on_demand, 1 attempt); it lasts 60 min"
      DEBUG e.c.cache.evicted shop:storage eviction=invalidated "let the token for https://storage.azure.com go: invalidated"
      DEBUG e.c.cache.evicted shop:vault eviction=invalidated "let the token for https://vault.azure.net go: invalidated"`,
  });
});

test("5.1 a token makes room for another", async () => {
  const credential = await scene.warmed(fakeEntra().takes(100), { cache: { maxEntries: 1 } });

  await scene.after({ ms: 100 }, credential.getToken(OTHER_SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:storage aad source=authority
      2 e.c.refresh INTERNAL 100ms to 1 shop:storage aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 2
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600
      e.c.cache.evictions {entry} name=shop eviction=capacity: 1`,
    state: { tokens: 1, expires: "13:00:00.100", room: 1 },
    logs: `
      DEBUG e.c.cache.evicted in 2 shop:vault eviction=capacity "let the token for https://vault.azure.net go: capacity"
      INFO e.c.token.refresh.completed in 2 shop:storage correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://storage.azure.com (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("5.1 a token that had expired makes room for another", async () => {
  const credential = await scene.warmed(fakeEntra().takes(100), { cache: { maxEntries: 1 } });
  await scene.clock.advance({ hours: 2 });

  await scene.after({ ms: 100 }, credential.getToken(OTHER_SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:storage aad source=authority
      2 e.c.refresh INTERNAL 100ms to 1 shop:storage aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 2
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600
      e.c.cache.evictions {entry} name=shop eviction=expired: 1`,
    state: { tokens: 1, expires: "15:00:00.100", room: 1 },
    logs: `
      DEBUG e.c.cache.evicted in 2 shop:vault eviction=expired "let the token for https://vault.azure.net go: expired"
      INFO e.c.token.refresh.completed in 2 shop:storage correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://storage.azure.com (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("5.8 keepWarm renews a token that falls due", async () => {
  const credential = await scene.warmed(fakeEntra().takes(100), { refresh: { keepWarm: true } });

  await scene.clock.advance({ minutes: 55 });
  await credential.getToken(SCOPE);

  await scene.tells({
    spans: `
      1 e.c.refresh INTERNAL 100ms shop:vault aad correlation=#1 trigger=proactive waiters=0 attempts=1
      2 e.c.assertion INTERNAL 0ms in 1 name=shop aad kind=callback
      3 POST CLIENT 100ms in 1 method=POST entra url=TOKEN_URL aad correlation=#1 status=200
      4 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=cache`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=cache: 1
      e.c.token.refresh.duration s name=shop trigger=proactive: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:55:00" },
    logs: `
      INFO e.c.token.refresh.completed in 1 shop:vault correlation=#1 trigger=proactive attempts=1 lasts=3600 "got a token for https://vault.azure.net (proactive, 1 attempt); it lasts 60 min"`,
  });
});

test("5.8 a warm-up of three, of which one fails", async () => {
  const entra = fakeEntra().takes(100).issues("first").refuses(400, "invalid_scope", 70011);
  const credential = scene.credential(entra.issues("third"));

  const warmUp = credential.warmUp([SCOPE, "unknown", OTHER_SCOPE], { concurrency: 1 });
  await scene.after({ ms: 300 }, warmUp);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 100ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200
      5 ClientAssertionCredential.getToken INTERNAL 100ms to 6 ERROR(ERR_TOKEN_ENDPOINT) name=shop client=CLIENT tenant=TENANT resource=unknown aad source=none error=invalid_scope aadsts=70011
      6 e.c.refresh INTERNAL 100ms to 5 ERROR(ERR_TOKEN_ENDPOINT) name=shop client=CLIENT tenant=TENANT resource=unknown aad correlation=#2 trigger=on_demand waiters=1 attempts=1 error=invalid_scope aadsts=70011
      7 e.c.assertion INTERNAL 0ms in 6 name=shop aad kind=callback
      8 POST CLIENT 100ms in 6 ERROR method=POST entra url=TOKEN_URL aad correlation=#2 status=400 error=400 aadsts=70011
      9 ClientAssertionCredential.getToken INTERNAL 100ms to 10 shop:storage aad source=authority
      10 e.c.refresh INTERNAL 100ms to 9 shop:storage aad correlation=#3 trigger=on_demand waiters=1 attempts=1
      11 e.c.assertion INTERNAL 0ms in 10 name=shop aad kind=callback
      12 POST CLIENT 100ms in 10 method=POST entra url=TOKEN_URL aad correlation=#3 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 2
      e.c.token.acquisitions {acquisition} name=shop source=none error=invalid_scope: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=2 sum=0.2
      e.c.token.acquisition.duration s name=shop source=none error=invalid_scope: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand error=invalid_scope: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=2 sum=0.2
      e.c.authority.request.duration s method=POST entra status=200: n=2 sum=0.2
      e.c.authority.request.duration s method=POST entra status=400 error=400: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=3 sum=0
      e.c.token.lifetime s name=shop: n=2 sum=7200`,
    state: { tokens: 2, expires: "13:00:00" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"
      ERROR e.c.token.refresh.failed in 6 name=shop client=CLIENT tenant=TENANT resource=unknown correlation=#2 trigger=on_demand attempts=1 error=invalid_scope aadsts=70011 "no new token for unknown (on_demand): invalid_scope, AADSTS70011; there is no token to serve"
      INFO e.c.token.refresh.completed in 10 shop:storage correlation=#3 trigger=on_demand attempts=1 lasts=3600 "got a token for https://storage.azure.com (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

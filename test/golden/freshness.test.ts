import { test } from "vitest";
import { SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { useScene } from "./support/scene.ts";

const scene = useScene();

test("5.2 a stale token is served, and one refresh runs behind it", async () => {
  const credential = await scene.warmed(fakeEntra().takes(100));
  await scene.clock.advance({ minutes: 56 });

  await credential.getToken(SCOPE);
  await credential.getToken(SCOPE);
  await scene.clock.advance({ ms: 100 });
  await credential.getToken(SCOPE);

  await scene.tells({
    spans: `
      1 e.c.refresh INTERNAL 100ms shop:vault aad correlation=#1 trigger=proactive waiters=0 attempts=1
      2 e.c.assertion INTERNAL 0ms in 1 name=shop aad kind=callback
      3 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=stale_cache
      4 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=stale_cache
      5 POST CLIENT 100ms in 1 method=POST entra url=TOKEN_URL aad correlation=#1 status=200
      6 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=cache`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=cache: 1
      e.c.token.acquisitions {acquisition} name=shop source=stale_cache: 2
      e.c.token.refresh.duration s name=shop trigger=proactive: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:56:00.100" },
    logs: `
      INFO e.c.token.refresh.completed in 1 shop:vault correlation=#1 trigger=proactive attempts=1 lasts=3600 "got a token for https://vault.azure.net (proactive, 1 attempt); it lasts 60 min"`,
  });
});

test("5.4 the refresh behind a stale token fails, and the key is left alone", async () => {
  const entra = fakeEntra().takes(100).issues("first");
  const credential = await scene.warmed(entra, { resilience: { maxRetries: 0 } });
  entra.startsOver().refuses(503, "temporarily_unavailable");
  await scene.clock.advance({ minutes: 56 });

  await credential.getToken(SCOPE);
  await scene.clock.advance({ ms: 100 });
  await credential.getToken(SCOPE);
  await scene.clock.advance({ seconds: 10 });
  await credential.getToken(SCOPE);

  await scene.tells({
    spans: `
      1 e.c.refresh INTERNAL 100ms ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad correlation=#1 trigger=proactive waiters=0 attempts=1 error=authority_unavailable
      2 e.c.assertion INTERNAL 0ms in 1 name=shop aad kind=callback
      3 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=stale_cache
      4 POST CLIENT 100ms in 1 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=503 error=503
      5 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=stale_cache
      6 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=stale_cache`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=stale_cache: 3
      e.c.token.refresh.duration s name=shop trigger=proactive error=authority_unavailable: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=503 error=503: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0`,
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      WARN e.c.token.refresh.failed in 1 shop:vault correlation=#1 trigger=proactive attempts=1 error=authority_unavailable lasts=239.8 "no new token for https://vault.azure.net (proactive): authority_unavailable; the token there is lasts another 240 s"
      WARN e.c.token.stale_served shop:vault error=authority_unavailable lasts=239.8 "serves the old token for https://vault.azure.net, which lasts another 240 s: authority_unavailable"`,
  });
});

test("5.2 an expiring token is renewed while its caller waits", async () => {
  const credential = await scene.warmed(fakeEntra().takes(100));
  await scene.clock.advance({ minutes: 59, seconds: 40 });

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
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:59:40.100" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("5.2 the renewal of an expiring token fails, and it is served all the same", async () => {
  const entra = fakeEntra().takes(100).issues("first");
  const credential = await scene.warmed(entra);
  entra.startsOver().refuses(400, "invalid_scope", 70011);
  await scene.clock.advance({ minutes: 59, seconds: 40 });

  await scene.after({ ms: 100 }, credential.getToken(SCOPE));
  await credential.getToken(SCOPE);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=stale_cache
      2 e.c.refresh INTERNAL 100ms to 1 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1 error=invalid_scope aadsts=70011
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=400 error=400 aadsts=70011
      5 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=stale_cache`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=stale_cache: 2
      e.c.token.acquisition.duration s name=shop source=stale_cache: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand error=invalid_scope: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=400 error=400: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0`,
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      WARN e.c.token.refresh.failed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 error=invalid_scope aadsts=70011 lasts=19.8 "no new token for https://vault.azure.net (on_demand): invalid_scope, AADSTS70011; the token there is lasts another 20 s"
      WARN e.c.token.stale_served shop:vault error=invalid_scope lasts=19.8 "serves the old token for https://vault.azure.net, which lasts another 20 s: invalid_scope"`,
  });
});

test("5.2 an expiring token is served when its renewal takes too long", async () => {
  const entra = fakeEntra().takes(100).issues("first");
  const credential = await scene.warmed(entra);
  entra.startsOver().takes(7_000).issues("second");
  await scene.clock.advance({ minutes: 59, seconds: 45, ms: -100 });

  await scene.after({ seconds: 5 }, credential.getToken(SCOPE));
  await scene.clock.advance({ seconds: 2 });
  await credential.getToken(SCOPE);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 5000ms to 2 shop:vault aad source=stale_cache
      2 e.c.refresh INTERNAL 7000ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 7000ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200
      5 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=cache`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=cache: 1
      e.c.token.acquisitions {acquisition} name=shop source=stale_cache: 1
      e.c.token.acquisition.duration s name=shop source=stale_cache: n=1 sum=5
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=7
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=7
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:59:45" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("5.2 a token that has expired is asked for anew", async () => {
  const credential = await scene.warmed(fakeEntra().takes(100));
  await scene.clock.advance({ hours: 2 });

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
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "15:00:00.100" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("2.3 a refresh is forced", async () => {
  const credential = await scene.warmed(fakeEntra().takes(100));

  await scene.after({ ms: 100 }, credential.getToken(SCOPE, { forceRefresh: true }));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 100ms to 1 shop:vault aad correlation=#1 trigger=forced waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 2
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=forced: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00.100" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=forced attempts=1 lasts=3600 "got a token for https://vault.azure.net (forced, 1 attempt); it lasts 60 min"`,
  });
});

test("2.3 a token with less than the minimum validity is renewed first", async () => {
  const credential = await scene.warmed(fakeEntra().takes(100));
  await scene.clock.advance({ minutes: 31 });

  const call = credential.getToken(SCOPE, { minimumValidityMs: 1_800_000 });
  await scene.after({ ms: 100 }, call);

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
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:31:00.100" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

import { test } from "vitest";
import { OTHER_SCOPE, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { useScene } from "./support/scene.ts";

const scene = useScene();

const throttles = (seconds: number) => ({ "retry-after": String(seconds) });

test("5.4 a refused client, and the calls that only remember it", async () => {
  const id = { "x-ms-request-id": "0c1ccb0a-7a4e-4a6c-a9d6-2d1a5d1a0e00" };
  const entra = fakeEntra().takes(100).refuses(401, "invalid_client", 700027, id);
  const credential = scene.credential(entra);

  await scene.after({ ms: 100 }, rejection(credential.getToken(SCOPE)));
  await rejection(credential.getToken(SCOPE));
  await rejection(credential.getToken(OTHER_SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad source=none error=invalid_client aadsts=700027
      2 e.c.refresh INTERNAL 100ms to 1 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1 error=invalid_client aadsts=700027
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=401 request=0c1ccb0a-7a4e-4a6c-a9d6-2d1a5d1a0e00 error=401 aadsts=700027
      5 ClientAssertionCredential.getToken INTERNAL 0ms ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad source=none error=invalid_client aadsts=700027
      6 ClientAssertionCredential.getToken INTERNAL 0ms ERROR(ERR_TOKEN_ENDPOINT) shop:storage aad source=none error=invalid_client aadsts=700027`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=invalid_client: 3
      e.c.token.acquisition.duration s name=shop source=none error=invalid_client: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand error=invalid_client: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=401 error=401: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0`,
    state: {},
    logs: `
      ERROR e.c.token.refresh.failed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 request=0c1ccb0a-7a4e-4a6c-a9d6-2d1a5d1a0e00 error=invalid_client aadsts=700027 "no new token for https://vault.azure.net (on_demand): invalid_client, AADSTS700027; there is no token to serve"`,
  });
});

test("5.4 a retry is told what another call has heard of the client meanwhile", async () => {
  const entra = fakeEntra().takes(100).refuses(503, "busy").refuses(401, "invalid_client", 7000215);
  const credential = scene.credential(entra);

  const first = rejection(credential.getToken(SCOPE));
  await scene.clock.advance({ ms: 50 });
  await scene.after({ ms: 100 }, rejection(credential.getToken(OTHER_SCOPE)));
  await scene.after({ ms: 150 }, first);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 300ms to 2 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad source=none error=invalid_client aadsts=7000215
      2 e.c.refresh INTERNAL 300ms to 1 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1 error=invalid_client aadsts=7000215
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=503 error=503
      5 ClientAssertionCredential.getToken INTERNAL 100ms to 6 ERROR(ERR_TOKEN_ENDPOINT) shop:storage aad source=none error=invalid_client aadsts=7000215
      6 e.c.refresh INTERNAL 100ms to 5 ERROR(ERR_TOKEN_ENDPOINT) shop:storage aad correlation=#2 trigger=on_demand waiters=1 attempts=1 error=invalid_client aadsts=7000215
      7 e.c.assertion INTERNAL 0ms in 6 name=shop aad kind=callback
      8 POST CLIENT 100ms in 6 ERROR method=POST entra url=TOKEN_URL aad correlation=#2 status=401 error=401 aadsts=7000215`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=invalid_client: 2
      e.c.token.acquisition.duration s name=shop source=none error=invalid_client: n=2 sum=0.4
      e.c.token.refresh.duration s name=shop trigger=on_demand error=invalid_client: n=2 sum=0.4
      e.c.authority.request.duration s method=POST entra status=401 error=401: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=503 error=503: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=2 sum=0
      e.c.token.refresh.retries {retry} server=login.microsoftonline.com name=shop reason=server_error: 1`,
    state: { retriesLeft: 2 },
    logs: `
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=server_error delay=0.2 "asks again for https://vault.azure.net in 200 ms: server_error"
      ERROR e.c.token.refresh.failed in 6 shop:storage correlation=#2 trigger=on_demand attempts=1 error=invalid_client aadsts=7000215 "no new token for https://storage.azure.com (on_demand): invalid_client, AADSTS7000215; there is no token to serve"`,
  });
});

test("3.7 a scope that the authority does not know", async () => {
  const entra = fakeEntra().takes(100).refuses(400, "invalid_scope", 70011);

  await scene.after({ ms: 100 }, rejection(scene.credential(entra).getToken(SCOPE)));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad source=none error=invalid_scope aadsts=70011
      2 e.c.refresh INTERNAL 100ms to 1 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1 error=invalid_scope aadsts=70011
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=400 error=400 aadsts=70011`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=invalid_scope: 1
      e.c.token.acquisition.duration s name=shop source=none error=invalid_scope: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand error=invalid_scope: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=400 error=400: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0`,
    state: {},
    logs: `
      ERROR e.c.token.refresh.failed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 error=invalid_scope aadsts=70011 "no new token for https://vault.azure.net (on_demand): invalid_scope, AADSTS70011; there is no token to serve"`,
  });
});

test("3.7 an authority that wants claims", async () => {
  const body = { error: "interaction_required", error_codes: [50079], claims: '{"a":1}' };
  const entra = fakeEntra().takes(100).says(400, JSON.stringify(body));

  await scene.after({ ms: 100 }, rejection(scene.credential(entra).getToken(SCOPE)));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad source=none error=claims_required aadsts=50079
      2 e.c.refresh INTERNAL 100ms to 1 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1 error=claims_required aadsts=50079
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=400 error=400 aadsts=50079`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=claims_required: 1
      e.c.token.acquisition.duration s name=shop source=none error=claims_required: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand error=claims_required: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=400 error=400: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0`,
    state: {},
    logs: `
      ERROR e.c.token.refresh.failed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 error=claims_required aadsts=50079 "no new token for https://vault.azure.net (on_demand): claims_required, AADSTS50079; there is no token to serve"`,
  });
});

test("6.4 a Retry-After is waited out", async () => {
  const entra = fakeEntra().takes(100).refuses(429, "throttled", 50196, throttles(7)).issues("ok");

  await scene.after({ ms: 7_300 }, scene.credential(entra).getToken(SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 7201ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 7201ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=2
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=429 error=429 aadsts=50196
      5 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      6 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 resend=1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=7.201
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=7.201
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=429 error=429: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=2 sum=0
      e.c.token.refresh.retries {retry} server=login.microsoftonline.com name=shop reason=throttled: 1
      e.c.authority.throttle.duration s server=login.microsoftonline.com name=shop: n=1 sum=7
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:07.101", retriesLeft: 2 },
    logs: `
      WARN e.c.throttled in 2 server=login.microsoftonline.com shop:vault correlation=#1 throttle=7 "login.microsoftonline.com wants to be left alone for 7000 ms, asked for https://vault.azure.net"
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=throttled delay=7.001 "asks again for https://vault.azure.net in 7001 ms: throttled"
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=2 lasts=3600 "got a token for https://vault.azure.net (on_demand, 2 attempts); it lasts 60 min"`,
  });
});

test("6.4 a Retry-After beyond the deadline, and the next caller", async () => {
  const entra = fakeEntra().takes(100).refuses(429, "throttled", 50196, throttles(60));
  const credential = scene.credential(entra);

  await scene.after({ ms: 100 }, rejection(credential.getToken(SCOPE)));
  await rejection(credential.getToken(OTHER_SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad source=none error=throttled aadsts=50196
      2 e.c.refresh INTERNAL 100ms to 1 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1 error=throttled aadsts=50196
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=429 error=429 aadsts=50196
      5 ClientAssertionCredential.getToken INTERNAL 0ms ERROR(ERR_TOKEN_ENDPOINT) shop:storage aad source=none error=throttled aadsts=50196`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=throttled: 2
      e.c.token.acquisition.duration s name=shop source=none error=throttled: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand error=throttled: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=429 error=429: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.authority.throttle.duration s server=login.microsoftonline.com name=shop: n=1 sum=60`,
    state: {},
    logs: `
      WARN e.c.throttled in 2 server=login.microsoftonline.com shop:vault correlation=#1 throttle=60 "login.microsoftonline.com wants to be left alone for 60 s, asked for https://vault.azure.net"
      ERROR e.c.token.refresh.failed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 error=throttled aadsts=50196 "no new token for https://vault.azure.net (on_demand): throttled, AADSTS50196; there is no token to serve"`,
  });
});

test("6.4 a Retry-After while a token can be served", async () => {
  const entra = fakeEntra().takes(100).issues("first");
  const credential = await scene.warmed(entra);
  entra.startsOver().refuses(429, "throttled", undefined, throttles(60));

  await scene.clock.advance({ minutes: 56 });
  await credential.getToken(SCOPE);
  await scene.clock.advance({ ms: 100 });
  await credential.getToken(SCOPE);
  await credential.getToken(SCOPE);

  await scene.tells({
    spans: `
      1 e.c.refresh INTERNAL 100ms ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad correlation=#1 trigger=proactive waiters=0 attempts=1 error=throttled
      2 e.c.assertion INTERNAL 0ms in 1 name=shop aad kind=callback
      3 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=stale_cache
      4 POST CLIENT 100ms in 1 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=429 error=429
      5 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=stale_cache
      6 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=stale_cache`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=stale_cache: 3
      e.c.token.refresh.duration s name=shop trigger=proactive error=throttled: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=429 error=429: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.authority.throttle.duration s server=login.microsoftonline.com name=shop: n=1 sum=60`,
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      WARN e.c.throttled in 1 server=login.microsoftonline.com shop:vault correlation=#1 throttle=60 "login.microsoftonline.com wants to be left alone for 60 s, asked for https://vault.azure.net"
      WARN e.c.token.refresh.failed in 1 shop:vault correlation=#1 trigger=proactive attempts=1 error=throttled lasts=239.8 "no new token for https://vault.azure.net (proactive): throttled; the token there is lasts another 240 s"
      WARN e.c.token.stale_served shop:vault error=throttled lasts=239.8 "serves the old token for https://vault.azure.net, which lasts another 240 s: throttled"`,
  });
});

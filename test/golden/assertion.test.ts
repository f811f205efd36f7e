import { test } from "vitest";
import { SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { useScene } from "./support/scene.ts";

const scene = useScene();

const waits = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test("4.1 an assertion from a file that takes its time", async () => {
  const readFile = async () => {
    await waits(30);
    return "an-assertion";
  };
  const getAssertion = Object.assign(readFile, { kind: "file" as const });
  const credential = scene.credential(fakeEntra().takes(100), { getAssertion });

  await scene.after({ ms: 130 }, credential.getToken(SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 130ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 130ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 30ms in 2 name=shop aad kind=file
      4 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.13
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.13
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=file: n=1 sum=0.03
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00.030" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("4.2 the assertion fails", async () => {
  const getAssertion = async () => {
    await waits(30);
    throw new Error("the vault is closed");
  };
  const credential = scene.credential(fakeEntra(), { getAssertion });

  await scene.after({ ms: 30 }, rejection(credential.getToken(SCOPE)));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 30ms to 2 ERROR(ERR_ASSERTION_UNAVAILABLE) shop:vault aad source=none error=assertion_failed
      2 e.c.refresh INTERNAL 30ms to 1 ERROR(ERR_ASSERTION_UNAVAILABLE) shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1 error=assertion_failed
      3 e.c.assertion INTERNAL 30ms in 2 ERROR(ERR_ASSERTION_UNAVAILABLE) name=shop aad kind=callback error=assertion_failed`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=assertion_failed: 1
      e.c.token.acquisition.duration s name=shop source=none error=assertion_failed: n=1 sum=0.03
      e.c.token.refresh.duration s name=shop trigger=on_demand error=assertion_failed: n=1 sum=0.03
      e.c.assertion.duration s name=shop kind=callback error=assertion_failed: n=1 sum=0.03`,
    state: {},
    logs: `
      ERROR e.c.token.refresh.failed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 error=assertion_failed "no new token for https://vault.azure.net (on_demand): assertion_failed; there is no token to serve"`,
  });
});

test("4.2 the assertion does not come in time", async () => {
  const credential = scene.credential(fakeEntra(), { getAssertion: () => new Promise(() => {}) });

  await scene.after({ seconds: 10 }, rejection(credential.getToken(SCOPE)));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 10000ms to 2 ERROR(ERR_ASSERTION_UNAVAILABLE) shop:vault aad source=none error=assertion_failed
      2 e.c.refresh INTERNAL 10000ms to 1 ERROR(ERR_ASSERTION_UNAVAILABLE) shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1 error=assertion_failed
      3 e.c.assertion INTERNAL 10000ms in 2 ERROR(ERR_ASSERTION_UNAVAILABLE) name=shop aad kind=callback error=assertion_failed`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=assertion_failed: 1
      e.c.token.acquisition.duration s name=shop source=none error=assertion_failed: n=1 sum=10
      e.c.token.refresh.duration s name=shop trigger=on_demand error=assertion_failed: n=1 sum=10
      e.c.assertion.duration s name=shop kind=callback error=assertion_failed: n=1 sum=10`,
    state: {},
    logs: `
      ERROR e.c.token.refresh.failed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 error=assertion_failed "no new token for https://vault.azure.net (on_demand): assertion_failed; there is no token to serve"`,
  });
});

test("4.4 an assertion that the authority calls expired is renewed at once", async () => {
  const entra = fakeEntra().takes(100).refuses(401, "invalid_client", 700024).issues("cured");

  await scene.after({ ms: 201 }, scene.credential(entra).getToken(SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 201ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 201ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=2
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=401 error=401 aadsts=700024
      5 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      6 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 resend=1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.201
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.201
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=401 error=401: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=2 sum=0
      e.c.token.refresh.retries {retry} server=login.microsoftonline.com name=shop reason=assertion_expired: 1
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00.101" },
    logs: `
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=assertion_expired delay=0 "asks again for https://vault.azure.net in 0 ms: assertion_expired"
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=2 lasts=3600 "got a token for https://vault.azure.net (on_demand, 2 attempts); it lasts 60 min"`,
  });
});

test("4.4 an assertion that the authority calls expired twice", async () => {
  const entra = fakeEntra().takes(100).refuses(401, "invalid_client", 700024);

  await scene.after({ ms: 201 }, rejection(scene.credential(entra).getToken(SCOPE)));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 201ms to 2 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad source=none error=assertion_expired aadsts=700024
      2 e.c.refresh INTERNAL 201ms to 1 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=2 error=assertion_expired aadsts=700024
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=401 error=401 aadsts=700024
      5 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      6 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 resend=1 status=401 error=401 aadsts=700024`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=assertion_expired: 1
      e.c.token.acquisition.duration s name=shop source=none error=assertion_expired: n=1 sum=0.201
      e.c.token.refresh.duration s name=shop trigger=on_demand error=assertion_expired: n=1 sum=0.201
      e.c.authority.request.duration s method=POST entra status=401 error=401: n=2 sum=0.2
      e.c.assertion.duration s name=shop kind=callback: n=2 sum=0
      e.c.token.refresh.retries {retry} server=login.microsoftonline.com name=shop reason=assertion_expired: 1`,
    state: {},
    logs: `
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=assertion_expired delay=0 "asks again for https://vault.azure.net in 0 ms: assertion_expired"
      ERROR e.c.token.refresh.failed in 2 shop:vault correlation=#1 trigger=on_demand attempts=2 error=assertion_expired aadsts=700024 "no new token for https://vault.azure.net (on_demand): assertion_expired, AADSTS700024; there is no token to serve"`,
  });
});

test("4 a certificate with less than a day to live, which is said once", async () => {
  const getAssertion = Object.assign(async () => "an-assertion", {
    kind: "certificate" as const,
    certificateExpiresOn: Date.parse("2026-03-02T06:00:00Z"),
  });
  const credential = scene.credential(fakeEntra().takes(100), { getAssertion });

  await scene.after({ ms: 100 }, credential.getToken(SCOPE));
  await scene.after({ ms: 100 }, credential.getToken(SCOPE, { forceRefresh: true }));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 100ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=certificate
      4 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200
      5 ClientAssertionCredential.getToken INTERNAL 100ms to 6 shop:vault aad source=authority
      6 e.c.refresh INTERNAL 100ms to 5 shop:vault aad correlation=#2 trigger=forced waiters=1 attempts=1
      7 e.c.assertion INTERNAL 0ms in 6 name=shop aad kind=certificate
      8 POST CLIENT 100ms in 6 method=POST entra url=TOKEN_URL aad correlation=#2 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 2
      e.c.token.acquisition.duration s name=shop source=authority: n=2 sum=0.2
      e.c.token.refresh.duration s name=shop trigger=forced: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=2 sum=0.2
      e.c.assertion.duration s name=shop kind=certificate: n=2 sum=0
      e.c.token.lifetime s name=shop: n=2 sum=7200`,
    state: `
      e.c.retry_budget.remaining {retry} entra resilience=shop: 3
      e.c.circuit_breaker.status {circuit} entra circuit=closed resilience=shop: 1
      e.c.circuit_breaker.status {circuit} entra circuit=half_open resilience=shop: 0
      e.c.circuit_breaker.status {circuit} entra circuit=open resilience=shop: 0
      e.c.token.expiry.timestamp s name=shop: 2026-03-01T13:00:00.100Z
      e.c.assertion.expiry.timestamp s name=shop kind=certificate: 2026-03-02T06:00:00.000Z
      e.c.cache.usage {entry} name=shop: 1
      e.c.cache.limit {entry} name=shop: 10000
      e.c.token.request.active {request} name=shop state=refreshing: 0
      e.c.token.request.active {request} name=shop state=waiting: 0`,
    logs: `
      WARN e.c.assertion.expiring in 2 name=shop client=CLIENT kind=certificate certificate_lasts=64800 "the certificate that signs the assertions expires in 18 hours: renew it"
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"
      INFO e.c.token.refresh.completed in 6 shop:vault correlation=#2 trigger=forced attempts=1 lasts=3600 "got a token for https://vault.azure.net (forced, 1 attempt); it lasts 60 min"`,
  });
});

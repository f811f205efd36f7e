import { test } from "vitest";
import { SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { useScene } from "./support/scene.ts";

const scene = useScene();

test("6.2 a retry cures a 503", async () => {
  const entra = fakeEntra().takes(100).refuses(503, "temporarily_unavailable").issues("cured");

  await scene.after({ ms: 400 }, scene.credential(entra).getToken(SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 400ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 400ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=2
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=503 error=503
      5 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      6 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 resend=1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.4
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.4
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=503 error=503: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=2 sum=0
      e.c.token.refresh.retries {retry} server=login.microsoftonline.com name=shop reason=server_error: 1
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00.300", retriesLeft: 2 },
    logs: `
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=server_error delay=0.2 "asks again for https://vault.azure.net in 200 ms: server_error"
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=2 lasts=3600 "got a token for https://vault.azure.net (on_demand, 2 attempts); it lasts 60 min"`,
  });
});

test("6.2 a retry cures a connection that was reset", async () => {
  const entra = fakeEntra().takes(100).fails("ECONNRESET").issues("cured");

  await scene.after({ ms: 400 }, scene.credential(entra).getToken(SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 400ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 400ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=2
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR(ERR_TRANSPORT) method=POST entra url=TOKEN_URL aad correlation=#1 error=ECONNRESET
      5 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      6 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 resend=1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.4
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.4
      e.c.authority.request.duration s method=POST entra error=ECONNRESET: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=2 sum=0
      e.c.token.refresh.retries {retry} server=login.microsoftonline.com name=shop reason=network_error: 1
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00.300", retriesLeft: 2 },
    logs: `
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=network_error delay=0.2 "asks again for https://vault.azure.net in 200 ms: network_error"
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=2 lasts=3600 "got a token for https://vault.azure.net (on_demand, 2 attempts); it lasts 60 min"`,
  });
});

test("6.2 a retry cures an attempt that hangs", async () => {
  const entra = fakeEntra().hangs().issues("cured");

  await scene.after({ ms: 10_200 }, scene.credential(entra).getToken(SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 10200ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 10200ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=2
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 10000ms in 2 ERROR(ERR_TIMEOUT) method=POST entra url=TOKEN_URL aad correlation=#1 error=timeout
      5 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      6 POST CLIENT 0ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 resend=1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=10.2
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=10.2
      e.c.authority.request.duration s method=POST entra error=timeout: n=1 sum=10
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0
      e.c.assertion.duration s name=shop kind=callback: n=2 sum=0
      e.c.token.refresh.retries {retry} server=login.microsoftonline.com name=shop reason=timeout: 1
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:10.200", retriesLeft: 2 },
    logs: `
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=timeout delay=0.2 "asks again for https://vault.azure.net in 200 ms: timeout"
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=2 lasts=3600 "got a token for https://vault.azure.net (on_demand, 2 attempts); it lasts 60 min"`,
  });
});

test("6.2 a retry cures a page of HTML", async () => {
  const entra = fakeEntra().takes(100).says(200, "<html>log in first</html>").issues("cured");

  await scene.after({ ms: 400 }, scene.credential(entra).getToken(SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 400ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 400ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=2
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=200 error=invalid_response
      5 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      6 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 resend=1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.4
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.4
      e.c.authority.request.duration s method=POST entra status=200 error=invalid_response: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=2 sum=0
      e.c.token.refresh.retries {retry} server=login.microsoftonline.com name=shop reason=invalid_response: 1
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00.300", retriesLeft: 2 },
    logs: `
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=invalid_response delay=0.2 "asks again for https://vault.azure.net in 200 ms: invalid_response"
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=2 lasts=3600 "got a token for https://vault.azure.net (on_demand, 2 attempts); it lasts 60 min"`,
  });
});

test("6.2 a connection that died while idle is mended at once", async () => {
  const entra = fakeEntra().takes(100);
  entra.replies(() => {
    throw new scene.TransportError("reset", { systemCode: "ECONNRESET", staleConnection: true });
  });

  await scene.after({ ms: 201 }, scene.credential(entra.issues("cured")).getToken(SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 201ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 201ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=2
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR(ERR_TRANSPORT) method=POST entra url=TOKEN_URL aad correlation=#1 error=ECONNRESET
      5 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      6 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 resend=1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.201
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.201
      e.c.authority.request.duration s method=POST entra error=ECONNRESET: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=2 sum=0
      e.c.token.refresh.retries {retry} server=login.microsoftonline.com name=shop reason=network_error: 1
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00.101" },
    logs: `
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=network_error delay=0 "asks again for https://vault.azure.net in 0 ms: network_error"
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=2 lasts=3600 "got a token for https://vault.azure.net (on_demand, 2 attempts); it lasts 60 min"`,
  });
});

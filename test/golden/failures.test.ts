import { test } from "vitest";
import { SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { useScene } from "./support/scene.ts";

const scene = useScene();

test("3.6 an authority that answers in HTML", async () => {
  const entra = fakeEntra().takes(100).says(200, "<html>log in first</html>");
  const credential = scene.credential(entra, { resilience: { maxRetries: 0 } });

  await scene.after({ ms: 100 }, rejection(credential.getToken(SCOPE)));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 ERROR(ERR_MALFORMED_RESPONSE) shop:vault aad source=none error=invalid_response
      2 e.c.refresh INTERNAL 100ms to 1 ERROR(ERR_MALFORMED_RESPONSE) shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1 error=invalid_response
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=200 error=invalid_response`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=invalid_response: 1
      e.c.token.acquisition.duration s name=shop source=none error=invalid_response: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand error=invalid_response: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200 error=invalid_response: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0`,
    state: {},
    logs: `
      ERROR e.c.token.refresh.failed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 error=invalid_response "no new token for https://vault.azure.net (on_demand): invalid_response; there is no token to serve"`,
  });
});

test("6.1 three retries in vain", async () => {
  const entra = fakeEntra().takes(100).fails("ECONNREFUSED");

  await scene.after({ seconds: 1 }, rejection(scene.credential(entra).getToken(SCOPE)));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 1000ms to 2 ERROR(ERR_TRANSPORT) shop:vault aad source=none error=network_error
      2 e.c.refresh INTERNAL 1000ms to 1 ERROR(ERR_TRANSPORT) shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=4 error=network_error
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR(ERR_TRANSPORT) method=POST entra url=TOKEN_URL aad correlation=#1 error=ECONNREFUSED
      5 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      6 POST CLIENT 100ms in 2 ERROR(ERR_TRANSPORT) method=POST entra url=TOKEN_URL aad correlation=#1 resend=1 error=ECONNREFUSED
      7 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      8 POST CLIENT 100ms in 2 ERROR(ERR_TRANSPORT) method=POST entra url=TOKEN_URL aad correlation=#1 resend=2 error=ECONNREFUSED
      9 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      10 POST CLIENT 100ms in 2 ERROR(ERR_TRANSPORT) method=POST entra url=TOKEN_URL aad correlation=#1 resend=3 error=ECONNREFUSED`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=network_error: 1
      e.c.token.acquisition.duration s name=shop source=none error=network_error: n=1 sum=1
      e.c.token.refresh.duration s name=shop trigger=on_demand error=network_error: n=1 sum=1
      e.c.authority.request.duration s method=POST entra error=ECONNREFUSED: n=4 sum=0.4
      e.c.assertion.duration s name=shop kind=callback: n=4 sum=0
      e.c.token.refresh.retries {retry} server=login.microsoftonline.com name=shop reason=network_error: 3`,
    state: { retriesLeft: 0 },
    logs: `
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=network_error delay=0.2 "asks again for https://vault.azure.net in 200 ms: network_error"
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=network_error delay=0.2 "asks again for https://vault.azure.net in 200 ms: network_error"
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=network_error delay=0.2 "asks again for https://vault.azure.net in 200 ms: network_error"
      ERROR e.c.token.refresh.failed in 2 shop:vault correlation=#1 trigger=on_demand attempts=4 error=network_error "no new token for https://vault.azure.net (on_demand): network_error; there is no token to serve"`,
  });
});

test("6.1 the deadline cuts the last attempt off", async () => {
  const credential = scene.credential(fakeEntra().hangs(), { resilience: { deadlineMs: 15_000 } });

  await scene.after({ seconds: 15 }, rejection(credential.getToken(SCOPE)));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 15000ms to 2 ERROR(ERR_TIMEOUT) shop:vault aad source=none error=timeout
      2 e.c.refresh INTERNAL 15000ms to 1 ERROR(ERR_TIMEOUT) shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=2 error=timeout
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 10000ms in 2 ERROR(ERR_TIMEOUT) method=POST entra url=TOKEN_URL aad correlation=#1 error=timeout
      5 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      6 POST CLIENT 4800ms in 2 ERROR(ERR_TIMEOUT) method=POST entra url=TOKEN_URL aad correlation=#1 resend=1 error=timeout`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=timeout: 1
      e.c.token.acquisition.duration s name=shop source=none error=timeout: n=1 sum=15
      e.c.token.refresh.duration s name=shop trigger=on_demand error=timeout: n=1 sum=15
      e.c.authority.request.duration s method=POST entra error=timeout: n=2 sum=14.8
      e.c.assertion.duration s name=shop kind=callback: n=2 sum=0
      e.c.token.refresh.retries {retry} server=login.microsoftonline.com name=shop reason=timeout: 1`,
    state: { retriesLeft: 2 },
    logs: `
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=timeout delay=0.2 "asks again for https://vault.azure.net in 200 ms: timeout"
      ERROR e.c.token.refresh.failed in 2 shop:vault correlation=#1 trigger=on_demand attempts=2 error=timeout "no new token for https://vault.azure.net (on_demand): timeout; there is no token to serve"`,
  });
});

test("6.5 a flight that finds no retry left fails with what it has", async () => {
  const entra = fakeEntra().takes(100).refuses(503, "temporarily_unavailable");
  const credential = scene.credential(entra, { resilience: { retryBudget: { floor: 1 } } });

  await scene.after({ seconds: 1 }, rejection(credential.getToken(SCOPE)));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 400ms to 2 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad source=none error=authority_unavailable
      2 e.c.refresh INTERNAL 400ms to 1 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=2 error=authority_unavailable
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=503 error=503
      5 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      6 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 resend=1 status=503 error=503`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=authority_unavailable: 1
      e.c.token.acquisition.duration s name=shop source=none error=authority_unavailable: n=1 sum=0.4
      e.c.token.refresh.duration s name=shop trigger=on_demand error=authority_unavailable: n=1 sum=0.4
      e.c.authority.request.duration s method=POST entra status=503 error=503: n=2 sum=0.2
      e.c.assertion.duration s name=shop kind=callback: n=2 sum=0
      e.c.token.refresh.retries {retry} server=login.microsoftonline.com name=shop reason=server_error: 1`,
    state: { retriesLeft: 0 },
    logs: `
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=server_error delay=0.2 "asks again for https://vault.azure.net in 200 ms: server_error"
      ERROR e.c.token.refresh.failed in 2 shop:vault correlation=#1 trigger=on_demand attempts=2 error=authority_unavailable "no new token for https://vault.azure.net (on_demand): authority_unavailable; there is no token to serve"`,
  });
});

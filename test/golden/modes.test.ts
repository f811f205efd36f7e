import { context, ROOT_CONTEXT, TraceFlags, trace } from "@opentelemetry/api";
import { test } from "vitest";
import { OTHER_TENANT, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { useScene } from "./support/scene.ts";

const scene = useScene();

test("spans: flights has no span for calls", async () => {
  const credential = scene.credential(fakeEntra().takes(100), { telemetry: { spans: "flights" } });

  await scene.after({ ms: 100 }, credential.getToken(SCOPE));
  await credential.getToken(SCOPE);
  await rejection(credential.getToken(""));

  await scene.tells({
    spans: `
      1 e.c.refresh INTERNAL 100ms shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      2 e.c.assertion INTERNAL 0ms in 1 name=shop aad kind=callback
      3 POST CLIENT 100ms in 1 method=POST entra url=TOKEN_URL aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=cache: 1
      e.c.token.acquisitions {acquisition} name=shop source=none error=configuration: 1
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      INFO e.c.token.refresh.completed in 1 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
    callsWithoutSpans: true,
  });
});

test("spans: sampled-parent has spans for calls that wait, and for hits under a recorded span", async () => {
  const telemetry = { spans: "sampled-parent" as const };
  const credential = scene.credential(fakeEntra().takes(100), { telemetry });
  const page = trace.getTracer("app").startSpan("GET /orders");
  const unrecorded = trace.wrapSpanContext({
    traceId: "f".repeat(32),
    spanId: "f".repeat(16),
    traceFlags: TraceFlags.NONE,
  });

  await scene.after({ ms: 100 }, credential.getToken(SCOPE));
  await credential.getToken(SCOPE);
  await context.with(trace.setSpan(ROOT_CONTEXT, page), () => credential.getToken(SCOPE));
  await context.with(trace.setSpan(ROOT_CONTEXT, unrecorded), () => credential.getToken(SCOPE));
  page.end();

  await scene.tells({
    spans: `
      1 app/GET /orders INTERNAL 100ms
      2 ClientAssertionCredential.getToken INTERNAL 100ms to 3 shop:vault aad source=authority
      3 e.c.refresh INTERNAL 100ms to 2 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      4 e.c.assertion INTERNAL 0ms in 3 name=shop aad kind=callback
      5 POST CLIENT 100ms in 3 method=POST entra url=TOKEN_URL aad correlation=#1 status=200
      6 ClientAssertionCredential.getToken INTERNAL 0ms in 1 shop:vault aad source=cache`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=cache: 3
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      INFO e.c.token.refresh.completed in 3 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("identifiers: false names neither tenant nor client", async () => {
  let works = true;
  const credential = await scene.warmed(fakeEntra().takes(100), {
    telemetry: { identifiers: false },
    getAssertion: async () => {
      if (!works) throw new Error("the vault is closed");
      return "an-assertion";
    },
  });
  works = false;
  await scene.clock.advance({ minutes: 56 });

  await credential.getToken(SCOPE);
  await scene.clock.advance({ ms: 20 });
  await credential.getToken(SCOPE);
  credential.invalidate();
  await rejection(credential.getToken(SCOPE));
  await rejection(credential.getToken(""));

  await scene.tells({
    spans: `
      1 e.c.refresh INTERNAL 0ms ERROR(ERR_ASSERTION_UNAVAILABLE) name=shop resource=https://vault.azure.net aad correlation=#1 trigger=proactive waiters=0 attempts=1 error=assertion_failed
      2 e.c.assertion INTERNAL 0ms in 1 ERROR(ERR_ASSERTION_UNAVAILABLE) name=shop aad kind=callback error=assertion_failed
      3 ClientAssertionCredential.getToken INTERNAL 0ms name=shop resource=https://vault.azure.net aad source=stale_cache
      4 ClientAssertionCredential.getToken INTERNAL 0ms name=shop resource=https://vault.azure.net aad source=stale_cache
      5 ClientAssertionCredential.getToken INTERNAL 0ms to 6 ERROR(ERR_ASSERTION_UNAVAILABLE) name=shop resource=https://vault.azure.net aad source=none error=assertion_failed
      6 e.c.refresh INTERNAL 0ms to 5 ERROR(ERR_ASSERTION_UNAVAILABLE) name=shop resource=https://vault.azure.net aad correlation=#2 trigger=on_demand waiters=1 attempts=1 error=assertion_failed
      7 e.c.assertion INTERNAL 0ms in 6 ERROR(ERR_ASSERTION_UNAVAILABLE) name=shop aad kind=callback error=assertion_failed
      8 ClientAssertionCredential.getToken INTERNAL 0ms ERROR(ERR_CONFIGURATION) name=shop aad source=none error=configuration`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=none error=assertion_failed: 1
      e.c.token.acquisitions {acquisition} name=shop source=none error=configuration: 1
      e.c.token.acquisitions {acquisition} name=shop source=stale_cache: 2
      e.c.token.acquisition.duration s name=shop source=none error=assertion_failed: n=1 sum=0
      e.c.token.refresh.duration s name=shop trigger=on_demand error=assertion_failed: n=1 sum=0
      e.c.token.refresh.duration s name=shop trigger=proactive error=assertion_failed: n=1 sum=0
      e.c.assertion.duration s name=shop kind=callback error=assertion_failed: n=2 sum=0
      e.c.cache.evictions {entry} name=shop eviction=invalidated: 1`,
    state: {},
    logs: `
      WARN e.c.token.refresh.failed in 1 name=shop resource=https://vault.azure.net correlation=#1 trigger=proactive attempts=1 error=assertion_failed lasts=239.9 "no new token for https://vault.azure.net (proactive): assertion_failed; the token there is lasts another 240 s"
      WARN e.c.token.stale_served name=shop resource=https://vault.azure.net error=assertion_failed lasts=239.88 "serves the old token for https://vault.azure.net, which lasts another 240 s: assertion_failed"
      DEBUG e.c.cache.evicted name=shop resource=https://vault.azure.net eviction=invalidated "let the token for https://vault.azure.net go: invalidated"
      ERROR e.c.token.refresh.failed in 6 name=shop resource=https://vault.azure.net correlation=#2 trigger=on_demand attempts=1 error=assertion_failed "no new token for https://vault.azure.net (on_demand): assertion_failed; there is no token to serve"`,
  });
});

test("metricAttributes puts tenant, client and resource on the metrics of tokens", async () => {
  const headers = { "retry-after": "1" };
  const credential = scene.credential(
    fakeEntra().takes(100).refuses(429, "throttled", undefined, headers).issues("own"),
    {
      additionallyAllowedTenants: [OTHER_TENANT],
      telemetry: {
        metricAttributes: ["entra.tenant.id", "entra.client.id", "entra.credential.token.resource"],
      },
    },
  );

  await scene.after({ ms: 1_300 }, credential.getToken(SCOPE));
  await scene.after({ ms: 100 }, credential.getToken(SCOPE, { tenantId: OTHER_TENANT }));
  await rejection(credential.getToken(""));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 1201ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 1201ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=2
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=429 error=429
      5 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      6 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 resend=1 status=200
      7 ClientAssertionCredential.getToken INTERNAL 100ms to 8 name=shop client=CLIENT tenant=OTHER_TENANT resource=https://vault.azure.net aad source=authority
      8 e.c.refresh INTERNAL 100ms to 7 name=shop client=CLIENT tenant=OTHER_TENANT resource=https://vault.azure.net aad correlation=#2 trigger=on_demand waiters=1 attempts=1
      9 e.c.assertion INTERNAL 0ms in 8 name=shop aad kind=callback
      10 POST CLIENT 100ms in 8 method=POST entra url=https://login.microsoftonline.com/OTHER_TENANT/oauth2/v2.0/token aad correlation=#2 status=200
      11 ClientAssertionCredential.getToken INTERNAL 0ms ERROR(ERR_CONFIGURATION) name=shop client=CLIENT tenant=TENANT aad source=none error=configuration`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop client=CLIENT tenant=OTHER_TENANT resource=https://vault.azure.net source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop client=CLIENT tenant=TENANT source=none error=configuration: 1
      e.c.token.acquisitions {acquisition} shop:vault source=authority: 1
      e.c.token.acquisition.duration s name=shop client=CLIENT tenant=OTHER_TENANT resource=https://vault.azure.net source=authority: n=1 sum=0.1
      e.c.token.acquisition.duration s shop:vault source=authority: n=1 sum=1.201
      e.c.token.refresh.duration s name=shop client=CLIENT tenant=OTHER_TENANT resource=https://vault.azure.net trigger=on_demand: n=1 sum=0.1
      e.c.token.refresh.duration s shop:vault trigger=on_demand: n=1 sum=1.201
      e.c.authority.request.duration s method=POST entra status=200: n=2 sum=0.2
      e.c.authority.request.duration s method=POST entra status=429 error=429: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=3 sum=0
      e.c.token.refresh.retries {retry} server=login.microsoftonline.com shop:vault reason=throttled: 1
      e.c.authority.throttle.duration s server=login.microsoftonline.com shop:vault: n=1 sum=1
      e.c.token.lifetime s name=shop client=CLIENT tenant=OTHER_TENANT resource=https://vault.azure.net: n=1 sum=3600
      e.c.token.lifetime s shop:vault: n=1 sum=3600`,
    state: `
      e.c.retry_budget.remaining {retry} entra resilience=shop: 2
      e.c.circuit_breaker.status {circuit} entra circuit=closed resilience=shop: 1
      e.c.circuit_breaker.status {circuit} entra circuit=half_open resilience=shop: 0
      e.c.circuit_breaker.status {circuit} entra circuit=open resilience=shop: 0
      e.c.token.expiry.timestamp s name=shop client=CLIENT tenant=OTHER_TENANT resource=https://vault.azure.net: 2026-03-01T13:00:01.300Z
      e.c.token.expiry.timestamp s shop:vault: 2026-03-01T13:00:01.101Z
      e.c.cache.usage {entry} name=shop: 2
      e.c.cache.limit {entry} name=shop: 10000
      e.c.token.request.active {request} name=shop state=refreshing: 0
      e.c.token.request.active {request} name=shop state=waiting: 0`,
    logs: `
      WARN e.c.throttled in 2 server=login.microsoftonline.com shop:vault correlation=#1 throttle=1 "login.microsoftonline.com wants to be left alone for 1000 ms, asked for https://vault.azure.net"
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=throttled delay=1.001 "asks again for https://vault.azure.net in 1001 ms: throttled"
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=2 lasts=3600 "got a token for https://vault.azure.net (on_demand, 2 attempts); it lasts 60 min"
      INFO e.c.token.refresh.completed in 8 name=shop client=CLIENT tenant=OTHER_TENANT resource=https://vault.azure.net correlation=#2 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("httpClientMetric records the time of requests under the standard name too", async () => {
  const entra = fakeEntra().takes(100).refuses(503, "temporarily_unavailable").issues("cured");
  const credential = scene.credential(entra, { telemetry: { httpClientMetric: true } });

  await scene.after({ ms: 400 }, credential.getToken(SCOPE));

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
      http.client.request.duration s method=POST entra status=200: n=1 sum=0.1
      http.client.request.duration s method=POST entra status=503 error=503: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=2 sum=0
      e.c.token.refresh.retries {retry} server=login.microsoftonline.com name=shop reason=server_error: 1
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00.300", retriesLeft: 2 },
    logs: `
      DEBUG e.c.token.refresh.retry_scheduled in 2 shop:vault correlation=#1 reason=server_error delay=0.2 "asks again for https://vault.azure.net in 200 ms: server_error"
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=2 lasts=3600 "got a token for https://vault.azure.net (on_demand, 2 attempts); it lasts 60 min"`,
  });
});

test("enabled: false tells nothing", async () => {
  const entra = fakeEntra().takes(100).issues("first").refuses(503, "temporarily_unavailable");
  const credential = scene.credential(entra, {
    telemetry: { enabled: false },
    resilience: { maxRetries: 0, circuitBreaker: { failures: 1 } },
  });

  await scene.after({ ms: 100 }, credential.getToken(SCOPE));
  await credential.getToken(SCOPE);
  await scene.after({ ms: 100 }, rejection(credential.getToken(SCOPE, { forceRefresh: true })));
  credential.invalidate();

  await scene.tells({});
});

import { test } from "vitest";
import { OTHER_SCOPE, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { useScene } from "./support/scene.ts";

const scene = useScene();

const TWO_FAILURES = { maxRetries: 0, circuitBreaker: { failures: 2, openMs: 10_000 } };

test("6.6 the circuit opens, refuses, lets one request try and closes", async () => {
  const entra = fakeEntra().takes(100).refuses(503, "temporarily_unavailable");
  const credential = scene.credential(entra, { resilience: TWO_FAILURES });
  await scene.after({ ms: 100 }, rejection(credential.getToken("one")));
  await scene.after({ ms: 100 }, rejection(credential.getToken("two")));

  await rejection(credential.getToken("three"));
  await rejection(credential.getToken("three"));
  await scene.stands({ circuit: "open" });
  entra.startsOver().issues("cured");
  await scene.clock.advance({ seconds: 10 });
  await scene.stands({ circuit: "half_open" });
  await scene.after({ ms: 100 }, credential.getToken("four"));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 ERROR(ERR_TOKEN_ENDPOINT) name=shop client=CLIENT tenant=TENANT resource=one aad source=none error=authority_unavailable
      2 e.c.refresh INTERNAL 100ms to 1 ERROR(ERR_TOKEN_ENDPOINT) name=shop client=CLIENT tenant=TENANT resource=one aad correlation=#1 trigger=on_demand waiters=1 attempts=1 error=authority_unavailable
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=503 error=503
      5 ClientAssertionCredential.getToken INTERNAL 100ms to 6 ERROR(ERR_TOKEN_ENDPOINT) name=shop client=CLIENT tenant=TENANT resource=two aad source=none error=authority_unavailable
      6 e.c.refresh INTERNAL 100ms to 5 ERROR(ERR_TOKEN_ENDPOINT) name=shop client=CLIENT tenant=TENANT resource=two aad correlation=#2 trigger=on_demand waiters=1 attempts=1 error=authority_unavailable
      7 e.c.assertion INTERNAL 0ms in 6 name=shop aad kind=callback
      8 POST CLIENT 100ms in 6 ERROR method=POST entra url=TOKEN_URL aad correlation=#2 status=503 error=503
      9 ClientAssertionCredential.getToken INTERNAL 0ms to 10 ERROR(ERR_CIRCUIT_OPEN) name=shop client=CLIENT tenant=TENANT resource=three aad source=none error=circuit_open
      10 e.c.refresh INTERNAL 0ms to 9 ERROR(ERR_CIRCUIT_OPEN) name=shop client=CLIENT tenant=TENANT resource=three aad correlation=#3 trigger=on_demand waiters=1 attempts=0 error=circuit_open
      11 ClientAssertionCredential.getToken INTERNAL 0ms ERROR(ERR_CIRCUIT_OPEN) name=shop client=CLIENT tenant=TENANT resource=three aad source=none error=circuit_open
      12 ClientAssertionCredential.getToken INTERNAL 100ms to 13 name=shop client=CLIENT tenant=TENANT resource=four aad source=authority
      13 e.c.refresh INTERNAL 100ms to 12 name=shop client=CLIENT tenant=TENANT resource=four aad correlation=#4 trigger=on_demand waiters=1 attempts=1
      14 e.c.assertion INTERNAL 0ms in 13 name=shop aad kind=callback
      15 POST CLIENT 100ms in 13 method=POST entra url=TOKEN_URL aad correlation=#4 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=none error=authority_unavailable: 2
      e.c.token.acquisitions {acquisition} name=shop source=none error=circuit_open: 2
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.1
      e.c.token.acquisition.duration s name=shop source=none error=authority_unavailable: n=2 sum=0.2
      e.c.token.acquisition.duration s name=shop source=none error=circuit_open: n=1 sum=0
      e.c.token.refresh.duration s name=shop trigger=on_demand error=authority_unavailable: n=2 sum=0.2
      e.c.token.refresh.duration s name=shop trigger=on_demand error=circuit_open: n=1 sum=0
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=503 error=503: n=2 sum=0.2
      e.c.assertion.duration s name=shop kind=callback: n=3 sum=0
      e.c.circuit_breaker.transitions {transition} entra circuit=closed resilience=shop: 1
      e.c.circuit_breaker.transitions {transition} entra circuit=half_open resilience=shop: 1
      e.c.circuit_breaker.transitions {transition} entra circuit=open resilience=shop: 1
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:10.200" },
    logs: `
      ERROR e.c.token.refresh.failed in 2 name=shop client=CLIENT tenant=TENANT resource=one correlation=#1 trigger=on_demand attempts=1 error=authority_unavailable "no new token for one (on_demand): authority_unavailable; there is no token to serve"
      WARN e.c.circuit_breaker.state_changed in 6 entra circuit=open resilience=shop "the circuit of login.microsoftonline.com is open"
      ERROR e.c.token.refresh.failed in 6 name=shop client=CLIENT tenant=TENANT resource=two correlation=#2 trigger=on_demand attempts=1 error=authority_unavailable "no new token for two (on_demand): authority_unavailable; there is no token to serve"
      INFO e.c.circuit_breaker.state_changed in 13 entra circuit=half_open resilience=shop "the circuit of login.microsoftonline.com is half open"
      INFO e.c.circuit_breaker.state_changed in 13 entra circuit=closed resilience=shop "the circuit of login.microsoftonline.com is closed"
      INFO e.c.token.refresh.completed in 13 name=shop client=CLIENT tenant=TENANT resource=four correlation=#4 trigger=on_demand attempts=1 lasts=3600 "got a token for four (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("6.6 the request that tries fails too", async () => {
  const entra = fakeEntra().takes(100).refuses(503, "temporarily_unavailable");
  const resilience = { maxRetries: 0, circuitBreaker: { failures: 1, openMs: 10_000 } };
  const credential = scene.credential(entra, { resilience });
  await scene.after({ ms: 100 }, rejection(credential.getToken("one")));

  await scene.clock.advance({ seconds: 10 });
  const probe = rejection(credential.getToken("two"));
  await scene.clock.advance({ ms: 50 });
  await scene.stands({ circuit: "half_open", waiting: 1, refreshing: 1 });
  await scene.after({ ms: 50 }, probe);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 ERROR(ERR_TOKEN_ENDPOINT) name=shop client=CLIENT tenant=TENANT resource=one aad source=none error=authority_unavailable
      2 e.c.refresh INTERNAL 100ms to 1 ERROR(ERR_TOKEN_ENDPOINT) name=shop client=CLIENT tenant=TENANT resource=one aad correlation=#1 trigger=on_demand waiters=1 attempts=1 error=authority_unavailable
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=503 error=503
      5 ClientAssertionCredential.getToken INTERNAL 100ms to 6 ERROR(ERR_TOKEN_ENDPOINT) name=shop client=CLIENT tenant=TENANT resource=two aad source=none error=authority_unavailable
      6 e.c.refresh INTERNAL 100ms to 5 ERROR(ERR_TOKEN_ENDPOINT) name=shop client=CLIENT tenant=TENANT resource=two aad correlation=#2 trigger=on_demand waiters=1 attempts=1 error=authority_unavailable
      7 e.c.assertion INTERNAL 0ms in 6 name=shop aad kind=callback
      8 POST CLIENT 100ms in 6 ERROR method=POST entra url=TOKEN_URL aad correlation=#2 status=503 error=503`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=authority_unavailable: 2
      e.c.token.acquisition.duration s name=shop source=none error=authority_unavailable: n=2 sum=0.2
      e.c.token.refresh.duration s name=shop trigger=on_demand error=authority_unavailable: n=2 sum=0.2
      e.c.authority.request.duration s method=POST entra status=503 error=503: n=2 sum=0.2
      e.c.assertion.duration s name=shop kind=callback: n=2 sum=0
      e.c.circuit_breaker.transitions {transition} entra circuit=half_open resilience=shop: 1
      e.c.circuit_breaker.transitions {transition} entra circuit=open resilience=shop: 2`,
    state: { circuit: "open" },
    logs: `
      WARN e.c.circuit_breaker.state_changed in 2 entra circuit=open resilience=shop "the circuit of login.microsoftonline.com is open"
      ERROR e.c.token.refresh.failed in 2 name=shop client=CLIENT tenant=TENANT resource=one correlation=#1 trigger=on_demand attempts=1 error=authority_unavailable "no new token for one (on_demand): authority_unavailable; there is no token to serve"
      INFO e.c.circuit_breaker.state_changed in 6 entra circuit=half_open resilience=shop "the circuit of login.microsoftonline.com is half open"
      WARN e.c.circuit_breaker.state_changed in 6 entra circuit=open resilience=shop "the circuit of login.microsoftonline.com is open"
      ERROR e.c.token.refresh.failed in 6 name=shop client=CLIENT tenant=TENANT resource=two correlation=#2 trigger=on_demand attempts=1 error=authority_unavailable "no new token for two (on_demand): authority_unavailable; there is no token to serve"`,
  });
});

test("6.7 two credentials share one guard, whose circuit is told of once", async () => {
  const resilience = scene.createResilience({
    name: "guard",
    maxRetries: 0,
    circuitBreaker: { failures: 1 },
  });
  const failing = scene.credential(fakeEntra().takes(100).refuses(503, "busy"), { resilience });
  const sharing = scene.credential(fakeEntra(), { resilience, telemetry: { name: "till" } });

  await scene.after({ ms: 100 }, rejection(failing.getToken(SCOPE)));
  await rejection(sharing.getToken(OTHER_SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad source=none error=authority_unavailable
      2 e.c.refresh INTERNAL 100ms to 1 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1 error=authority_unavailable
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=503 error=503
      5 ClientAssertionCredential.getToken INTERNAL 0ms to 6 ERROR(ERR_CIRCUIT_OPEN) name=till client=CLIENT tenant=TENANT resource=https://storage.azure.com aad source=none error=circuit_open
      6 e.c.refresh INTERNAL 0ms to 5 ERROR(ERR_CIRCUIT_OPEN) name=till client=CLIENT tenant=TENANT resource=https://storage.azure.com aad correlation=#2 trigger=on_demand waiters=1 attempts=0 error=circuit_open`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=authority_unavailable: 1
      e.c.token.acquisitions {acquisition} name=till source=none error=circuit_open: 1
      e.c.token.acquisition.duration s name=shop source=none error=authority_unavailable: n=1 sum=0.1
      e.c.token.acquisition.duration s name=till source=none error=circuit_open: n=1 sum=0
      e.c.token.refresh.duration s name=shop trigger=on_demand error=authority_unavailable: n=1 sum=0.1
      e.c.token.refresh.duration s name=till trigger=on_demand error=circuit_open: n=1 sum=0
      e.c.authority.request.duration s method=POST entra status=503 error=503: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.circuit_breaker.transitions {transition} entra circuit=open resilience=guard: 1`,
    state: `
      e.c.retry_budget.remaining {retry} entra resilience=guard: 3
      e.c.circuit_breaker.status {circuit} entra circuit=closed resilience=guard: 0
      e.c.circuit_breaker.status {circuit} entra circuit=half_open resilience=guard: 0
      e.c.circuit_breaker.status {circuit} entra circuit=open resilience=guard: 1
      e.c.cache.usage {entry} name=shop: 0
      e.c.cache.usage {entry} name=till: 0
      e.c.cache.limit {entry} name=shop: 10000
      e.c.cache.limit {entry} name=till: 10000
      e.c.token.request.active {request} name=shop state=refreshing: 0
      e.c.token.request.active {request} name=shop state=waiting: 0
      e.c.token.request.active {request} name=till state=refreshing: 0
      e.c.token.request.active {request} name=till state=waiting: 0`,
    logs: `
      WARN e.c.circuit_breaker.state_changed in 2 entra circuit=open resilience=guard "the circuit of login.microsoftonline.com is open"
      ERROR e.c.token.refresh.failed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 error=authority_unavailable "no new token for https://vault.azure.net (on_demand): authority_unavailable; there is no token to serve"`,
  });
});

test("6.6 a usable token is served through an open circuit", async () => {
  const entra = fakeEntra().takes(100).issues("first");
  const credential = await scene.warmed(entra, {
    resilience: { maxRetries: 0, circuitBreaker: { failures: 1 } },
  });
  entra.startsOver().refuses(503, "temporarily_unavailable");
  await scene.after({ ms: 100 }, rejection(credential.getToken(OTHER_SCOPE)));

  await credential.getToken(SCOPE);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 ERROR(ERR_TOKEN_ENDPOINT) shop:storage aad source=none error=authority_unavailable
      2 e.c.refresh INTERNAL 100ms to 1 ERROR(ERR_TOKEN_ENDPOINT) shop:storage aad correlation=#1 trigger=on_demand waiters=1 attempts=1 error=authority_unavailable
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=503 error=503
      5 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=cache`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=cache: 1
      e.c.token.acquisitions {acquisition} name=shop source=none error=authority_unavailable: 1
      e.c.token.acquisition.duration s name=shop source=none error=authority_unavailable: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=on_demand error=authority_unavailable: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=503 error=503: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.circuit_breaker.transitions {transition} entra circuit=open resilience=shop: 1`,
    state: { tokens: 1, expires: "13:00:00", circuit: "open" },
    logs: `
      WARN e.c.circuit_breaker.state_changed in 2 entra circuit=open resilience=shop "the circuit of login.microsoftonline.com is open"
      ERROR e.c.token.refresh.failed in 2 shop:storage correlation=#1 trigger=on_demand attempts=1 error=authority_unavailable "no new token for https://storage.azure.com (on_demand): authority_unavailable; there is no token to serve"`,
  });
});

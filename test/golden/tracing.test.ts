import { ROOT_CONTEXT, type Span, trace } from "@opentelemetry/api";
import { test } from "vitest";
import { SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { useScene } from "./support/scene.ts";

const scene = useScene();

test("a call is a part of the span that is active, and its flight is not", async () => {
  const credential = scene.credential(fakeEntra().takes(100));

  await inSpan("GET /orders", () => scene.after({ ms: 100 }, credential.getToken(SCOPE)));

  await scene.tells({
    spans: `
      1 app/GET /orders INTERNAL 100ms
      2 ClientAssertionCredential.getToken INTERNAL 100ms in 1 to 3 shop:vault aad source=authority
      3 e.c.refresh INTERNAL 100ms to 2 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      4 e.c.assertion INTERNAL 0ms in 3 name=shop aad kind=callback
      5 POST CLIENT 100ms in 3 method=POST entra url=TOKEN_URL aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
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

test("a call is a part of the span of its tracing context, whatever is active", async () => {
  const credential = scene.credential(fakeEntra().takes(100));
  const vault = trace.getTracer("app").startSpan("SecretClient.getSecret");
  const tracingOptions = { tracingContext: trace.setSpan(ROOT_CONTEXT, vault) };

  await inSpan("GET /orders", async () => {
    await scene.after({ ms: 100 }, credential.getToken(SCOPE, { tracingOptions }));
    await credential.getToken(SCOPE, { tracingOptions });
  });
  vault.end();

  await scene.tells({
    spans: `
      1 app/SecretClient.getSecret INTERNAL 100ms
      2 app/GET /orders INTERNAL 100ms
      3 ClientAssertionCredential.getToken INTERNAL 100ms in 1 to 4 shop:vault aad source=authority
      4 e.c.refresh INTERNAL 100ms to 3 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      5 e.c.assertion INTERNAL 0ms in 4 name=shop aad kind=callback
      6 POST CLIENT 100ms in 4 method=POST entra url=TOKEN_URL aad correlation=#1 status=200
      7 ClientAssertionCredential.getToken INTERNAL 0ms in 1 shop:vault aad source=cache`,
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
      INFO e.c.token.refresh.completed in 4 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("callers of three traces share one flight, which links to each", async () => {
  const credential = scene.credential(fakeEntra().takes(100));

  const calls = ["GET /a", "GET /b", "GET /c"].map((name) =>
    inSpan(name, () => credential.getToken(SCOPE)),
  );
  await scene.after({ ms: 100 }, Promise.all(calls));

  await scene.tells({
    spans: `
      1 app/GET /a INTERNAL 100ms
      2 ClientAssertionCredential.getToken INTERNAL 100ms in 1 to 3 shop:vault aad source=authority
      3 e.c.refresh INTERNAL 100ms to 2,6,8 shop:vault aad correlation=#1 trigger=on_demand waiters=3 attempts=1
      4 e.c.assertion INTERNAL 0ms in 3 name=shop aad kind=callback
      5 app/GET /b INTERNAL 100ms
      6 ClientAssertionCredential.getToken INTERNAL 100ms in 5 to 3 shop:vault aad source=shared
      7 app/GET /c INTERNAL 100ms
      8 ClientAssertionCredential.getToken INTERNAL 100ms in 7 to 3 shop:vault aad source=shared
      9 POST CLIENT 100ms in 3 method=POST entra url=TOKEN_URL aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=shared: 2
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.1
      e.c.token.acquisition.duration s name=shop source=shared: n=2 sum=0.2
      e.c.token.refresh.duration s name=shop trigger=on_demand: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      INFO e.c.token.refresh.completed in 3 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("a refresh behind a stale token links to the span it was started under", async () => {
  const credential = await scene.warmed(fakeEntra().takes(100));
  await scene.clock.advance({ minutes: 56 });

  await inSpan("GET /orders", () => credential.getToken(SCOPE));
  await scene.clock.advance({ ms: 100 });
  await credential.getToken(SCOPE);

  await scene.tells({
    spans: `
      1 app/GET /orders INTERNAL 0ms
      2 e.c.refresh INTERNAL 100ms to 1 shop:vault aad correlation=#1 trigger=proactive waiters=0 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 ClientAssertionCredential.getToken INTERNAL 0ms in 1 shop:vault aad source=stale_cache
      5 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200
      6 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=cache`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=cache: 1
      e.c.token.acquisitions {acquisition} name=shop source=stale_cache: 1
      e.c.token.refresh.duration s name=shop trigger=proactive: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:56:00.100" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=proactive attempts=1 lasts=3600 "got a token for https://vault.azure.net (proactive, 1 attempt); it lasts 60 min"`,
  });
});

test("what getAssertion traces is a part of the assertion's span", async () => {
  const getAssertion = () => inSpan("sign", async () => "an-assertion");
  const credential = scene.credential(fakeEntra().takes(100), { getAssertion });

  await scene.after({ ms: 100 }, credential.getToken(SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 100ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 app/sign INTERNAL 0ms in 3
      5 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
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

test("flights that are spanned alone link to the span they were begun under", async () => {
  const credential = scene.credential(fakeEntra().takes(100), { telemetry: { spans: "flights" } });

  await inSpan("GET /orders", () => scene.after({ ms: 100 }, credential.getToken(SCOPE)));

  await scene.tells({
    spans: `
      1 app/GET /orders INTERNAL 100ms
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
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
    callsWithoutSpans: true,
  });
});

function inSpan<T>(name: string, work: () => Promise<T>): Promise<T> {
  return trace.getTracer("app").startActiveSpan(name, async (span: Span) => {
    try {
      return await work();
    } finally {
      span.end();
    }
  });
}

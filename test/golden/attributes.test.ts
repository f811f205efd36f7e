import { test } from "vitest";
import { SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { useScene } from "./support/scene.ts";

const scene = useScene();

test("an application's own attributes stand on the spans of calls and refreshes", async () => {
  const credential = scene.credential(fakeEntra().takes(100), {
    telemetry: {
      spanAttributes: ({ operation, tenantId, resource }) => ({
        "app.about": `${operation} ${tenantId} ${resource}`,
        "app.order": 7,
        "app.vip": true,
      }),
    },
  });

  await scene.after({ ms: 100 }, credential.getToken(SCOPE));
  await credential.getToken(SCOPE);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=authority app.about=getToken TENANT https://vault.azure.net app.order=7 app.vip=true
      2 e.c.refresh INTERNAL 100ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1 app.about=refresh TENANT https://vault.azure.net app.order=7 app.vip=true
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200
      5 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=cache app.about=getToken TENANT https://vault.azure.net app.order=7 app.vip=true`,
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
    own: ["app.about", "app.order", "app.vip"],
  });
});

test("an application's own attributes override none of ours", async () => {
  const credential = scene.credential(fakeEntra().takes(100), {
    telemetry: {
      spanAttributes: () => ({
        "entra.credential.name": "another",
        "error.type": "mine",
        "server.address": "elsewhere",
        "azure.resource_provider.namespace": "Microsoft.Mine",
      }),
    },
  });

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
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=on_demand attempts=1 lasts=3600 "got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min"`,
  });
});

test("an application's own attributes hold no token", async () => {
  const jwt = ["eyJhbGciOiJSUzI1NiJ9", "eyJzdWIiOiJzb21lYm9keSJ9", "c2lnbmF0dXJl"].join(".");
  const credential = scene.credential(fakeEntra().takes(100), {
    telemetry: { spanAttributes: () => ({ "app.seen": `Bearer ${jwt}`, [jwt]: 1 }) },
  });

  await scene.after({ ms: 100 }, credential.getToken(SCOPE));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=authority [redacted]=1 app.seen=Bearer [redacted]
      2 e.c.refresh INTERNAL 100ms to 1 shop:vault aad correlation=#1 trigger=on_demand waiters=1 attempts=1 [redacted]=1 app.seen=Bearer [redacted]
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
    own: ["app.seen", "[redacted]"],
  });
});

test("a hook that throws costs its attributes and nothing else", async () => {
  const credential = scene.credential(fakeEntra().takes(100), {
    telemetry: {
      spanAttributes: () => {
        throw new Error("the hook is broken");
      },
    },
  });

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

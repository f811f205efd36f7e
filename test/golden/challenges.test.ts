import { test } from "vitest";
import { SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { useScene } from "./support/scene.ts";

const scene = useScene();

const claims = '{"access_token":{"nbf":{"essential":true,"value":"1772366400"}}}';

test("5.6 a claims challenge, and its repeat within five seconds", async () => {
  const credential = await scene.warmed(fakeEntra().takes(100));

  await scene.after({ ms: 100 }, credential.getToken(SCOPE, { claims }));
  await credential.getToken(SCOPE, { claims });
  await credential.getToken(SCOPE);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 shop:vault aad source=authority
      2 e.c.refresh INTERNAL 100ms to 1 shop:vault aad correlation=#1 trigger=claims_challenge waiters=1 attempts=1
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 method=POST entra url=TOKEN_URL aad correlation=#1 status=200
      5 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=cache
      6 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=cache`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 2
      e.c.token.acquisitions {acquisition} name=shop source=cache: 2
      e.c.token.acquisition.duration s name=shop source=authority: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=claims_challenge: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=200: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0
      e.c.token.lifetime s name=shop: n=1 sum=3600`,
    state: { tokens: 1, expires: "13:00:00.100" },
    logs: `
      INFO e.c.token.refresh.completed in 2 shop:vault correlation=#1 trigger=claims_challenge attempts=1 lasts=3600 "got a token for https://vault.azure.net (claims_challenge, 1 attempt); it lasts 60 min"`,
  });
});

test("5.6 a claims challenge that fails leaves the token where it is", async () => {
  const entra = fakeEntra().takes(100).issues("first");
  const credential = await scene.warmed(entra);
  entra.startsOver().refuses(400, "interaction_required", 50079);

  await scene.after({ ms: 100 }, rejection(credential.getToken(SCOPE, { claims })));
  await credential.getToken(SCOPE);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad source=none error=_OTHER aadsts=50079
      2 e.c.refresh INTERNAL 100ms to 1 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad correlation=#1 trigger=claims_challenge waiters=1 attempts=1 error=_OTHER aadsts=50079
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=400 error=400 aadsts=50079
      5 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=cache`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=cache: 1
      e.c.token.acquisitions {acquisition} name=shop source=none error=_OTHER: 1
      e.c.token.acquisition.duration s name=shop source=none error=_OTHER: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=claims_challenge error=_OTHER: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=400 error=400: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0`,
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      ERROR e.c.token.refresh.failed in 2 shop:vault correlation=#1 trigger=claims_challenge attempts=1 error=_OTHER aadsts=50079 "no new token for https://vault.azure.net (claims_challenge): _OTHER, AADSTS50079; there is no token to serve"`,
  });
});

test("2.3 a forced refresh that fails leaves the token where it is", async () => {
  const entra = fakeEntra().takes(100).issues("first");
  const credential = await scene.warmed(entra);
  entra.startsOver().refuses(400, "invalid_scope", 70011);

  await scene.after({ ms: 100 }, rejection(credential.getToken(SCOPE, { forceRefresh: true })));
  await credential.getToken(SCOPE);

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 100ms to 2 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad source=none error=invalid_scope aadsts=70011
      2 e.c.refresh INTERNAL 100ms to 1 ERROR(ERR_TOKEN_ENDPOINT) shop:vault aad correlation=#1 trigger=forced waiters=1 attempts=1 error=invalid_scope aadsts=70011
      3 e.c.assertion INTERNAL 0ms in 2 name=shop aad kind=callback
      4 POST CLIENT 100ms in 2 ERROR method=POST entra url=TOKEN_URL aad correlation=#1 status=400 error=400 aadsts=70011
      5 ClientAssertionCredential.getToken INTERNAL 0ms shop:vault aad source=cache`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=authority: 1
      e.c.token.acquisitions {acquisition} name=shop source=cache: 1
      e.c.token.acquisitions {acquisition} name=shop source=none error=invalid_scope: 1
      e.c.token.acquisition.duration s name=shop source=none error=invalid_scope: n=1 sum=0.1
      e.c.token.refresh.duration s name=shop trigger=forced error=invalid_scope: n=1 sum=0.1
      e.c.authority.request.duration s method=POST entra status=400 error=400: n=1 sum=0.1
      e.c.assertion.duration s name=shop kind=callback: n=1 sum=0`,
    state: { tokens: 1, expires: "13:00:00" },
    logs: `
      WARN e.c.token.refresh.failed in 2 shop:vault correlation=#1 trigger=forced attempts=1 error=invalid_scope aadsts=70011 lasts=3599.8 "no new token for https://vault.azure.net (forced): invalid_scope, AADSTS70011; the token there is lasts another 60 min"`,
  });
});

test("3.4 claims that are no JSON", async () => {
  const credential = scene.credential(fakeEntra());

  await rejection(credential.getToken(SCOPE, { claims: "no json" }));

  await scene.tells({
    spans: `
      1 ClientAssertionCredential.getToken INTERNAL 0ms ERROR(ERR_CONFIGURATION) name=shop client=CLIENT tenant=TENANT aad source=none error=configuration`,
    counts: `
      e.c.token.acquisitions {acquisition} name=shop source=none error=configuration: 1`,
    state: {},
  });
});

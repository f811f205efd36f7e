import { expect, test } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, OTHER_SCOPE, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";

const clock = useFakeClock();

test("5.8 invalidate forgets the token of its scopes, and no other", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await credential.getToken(OTHER_SCOPE);

  credential.invalidate(SCOPE);

  expect(credential.peek(SCOPE)).toBeUndefined();
  expect(credential.peek(OTHER_SCOPE)?.token).toBe("token-2");
  expect((await credential.getToken(SCOPE)).token).toBe("token-3");
});

test("5.8 without scopes invalidate forgets every token", async () => {
  const credential = credentialAgainst(fakeEntra());
  await credential.getToken(SCOPE);
  await credential.getToken(OTHER_SCOPE);

  credential.invalidate();

  expect(credential.health().usableTokens).toBe(0);
});

test("5.8 a slot is invalidated by the options that name it", async () => {
  const credential = credentialAgainst(fakeEntra());
  await credential.getToken(SCOPE);
  await credential.getToken(SCOPE, { enableCae: true });

  credential.invalidate(SCOPE, { enableCae: true });

  expect(credential.peek(SCOPE, { enableCae: true })).toBeUndefined();
  expect(credential.peek(SCOPE)?.token).toBe("token-1");
});

test("5.8 the token that a challenge won is forgotten wherever it lies", async () => {
  const claims = '{"access_token":{"nbf":{"essential":true}}}';
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE, { claims });

  credential.invalidate(SCOPE);

  expect((await credential.getToken(SCOPE, { claims })).token).toBe("token-2");
});

test("5.8 what is under way when the token is invalidated answers its callers and is not kept", async () => {
  const entra = fakeEntra();
  const release = entra.holds("before");
  entra.issues("after");
  const credential = credentialAgainst(entra);
  const before = credential.getToken(SCOPE);
  await clock.advance({ ms: 1 });

  credential.invalidate(SCOPE);
  const after = credential.getToken(SCOPE);
  await clock.advance({ ms: 1 });
  release();

  expect((await before).token).toBe("before");
  expect((await after).token).toBe("after");
  expect(credential.peek(SCOPE)?.token).toBe("after");
});

test("5.8 a key whose token was invalidated is asked for at once, whatever its cool-down", async () => {
  const entra = fakeEntra().issues("first").refuses(503, "busy").refuses(503, "busy").issues("new");
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 56 });
  await credential.getToken(SCOPE);
  await clock.advance({ seconds: 1 });
  expect(entra.requests).toHaveLength(3);

  credential.invalidate(SCOPE);

  expect((await credential.getToken(SCOPE)).token).toBe("new");
});

test("6.4 a Retry-After outlasts an invalidation", async () => {
  const entra = fakeEntra()
    .issues("first")
    .refuses(429, "throttled", undefined, { "retry-after": "60" });
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await rejection(credential.getToken(SCOPE, { forceRefresh: true }));

  credential.invalidate();

  expect(await rejection(credential.getToken(SCOPE))).toMatchObject({
    statusCode: 429,
    remembered: true,
  });
  expect(entra.requests).toHaveLength(2);
});

test("5.4 a cool-down holds nobody when the cache has lost the token it was for", async () => {
  const entra = fakeEntra().issues("first").refuses(400, "invalid_scope").issues("second");
  const credential = credentialAgainst(entra, { cache: { maxEntries: 1 } });
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 56 });
  await credential.getToken(SCOPE);
  await clock.advance({ ms: 1 });
  await credential.getToken(OTHER_SCOPE);

  expect((await credential.getToken(SCOPE)).token).toBe("second");
});

test("5.8 a token that was invalidated while somebody waited for its successor is not given to them", async () => {
  const entra = fakeEntra().issues("first");
  const release = entra.holdsAnswer({
    status: 400,
    headers: {},
    body: '{"error":"invalid_scope"}',
  });
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 59, seconds: 35 });
  const waiting = rejection(credential.getToken(SCOPE));
  await clock.advance({ ms: 1 });

  credential.invalidate();
  release();

  expect(await waiting).toMatchObject({ code: "ERR_TOKEN_ENDPOINT" });
});

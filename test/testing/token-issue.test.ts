import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ClientKeys, createClientKeys, LocalAuthority } from "../../src/testing/index.ts";
import { type AnswerBody, CLIENT, requestToken, TENANT } from "./token-client.ts";

let authority: LocalAuthority;
let keys: ClientKeys;

beforeAll(async () => {
  [authority, keys] = await Promise.all([LocalAuthority.start(), createClientKeys()]);
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
});
afterAll(() => authority.close());

function claimsOf(body: AnswerBody) {
  return decodeJwt(String(body.access_token));
}

test("a sound request is answered with a bearer token as long-lived as Entra's", async () => {
  const { status, body } = await requestToken(authority, keys);

  expect(status).toBe(200);
  expect(body).toEqual({
    token_type: "Bearer",
    expires_in: 3599,
    ext_expires_in: 3599,
    access_token: expect.any(String),
  });
});

test("the access token is signed by a key of the keys document", async () => {
  const { body } = await requestToken(authority, keys);
  const document = await fetch(`${authority.url}/${TENANT}/discovery/v2.0/keys`);
  const published = createLocalJWKSet(Object(await document.json()));

  const { payload } = await jwtVerify(String(body.access_token), published);

  expect(payload).toMatchObject({
    aud: "https://vault.azure.net",
    iss: `${authority.url}/${TENANT}/v2.0`,
    tid: TENANT,
    azp: CLIENT,
    ver: "2.0",
  });
  const { sub, oid } = payload;
  expect(sub).toBe(oid);
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3599);
});

test("no two access tokens are the same", async () => {
  const [one, other] = await Promise.all([
    requestToken(authority, keys),
    requestToken(authority, keys),
  ]);

  expect(one.body.access_token).not.toBe(other.body.access_token);
});

test("capabilities asked for in the claims come back as xms_cc", async () => {
  const claims = JSON.stringify({ access_token: { xms_cc: { values: ["cp1"] } } });

  const { body } = await requestToken(authority, keys, { claims });

  expect(claimsOf(body)).toMatchObject({ xms_cc: ["cp1"] });
});

test("claims without capabilities are accepted and change nothing", async () => {
  const claims = JSON.stringify({
    access_token: { nbf: { essential: true, value: "1700000000" } },
  });

  const { status, body } = await requestToken(authority, keys, { claims });

  expect(status).toBe(200);
  expect(claimsOf(body)).not.toHaveProperty("xms_cc");
});

test("several scopes of one resource share a token", async () => {
  const { status } = await requestToken(authority, keys, {
    scope: "api://x/.default  api://x/.default",
  });

  expect(status).toBe(200);
});

describe("lifetimes", () => {
  test.for([
    { behavior: { accessTokenLifetimeS: 7199 }, refreshIn: undefined },
    { behavior: { accessTokenLifetimeS: 7200 }, refreshIn: 3600 },
    { behavior: { accessTokenLifetimeS: 86_399 }, refreshIn: 43_199 },
    { behavior: { accessTokenLifetimeS: 86_400, refreshInS: null }, refreshIn: undefined },
    { behavior: { accessTokenLifetimeS: 3600, refreshInS: 1200 }, refreshIn: 1200 },
  ])("$behavior gives refresh_in $refreshIn", async ({ behavior, refreshIn }) => {
    await using other = await LocalAuthority.start(behavior);
    other.registerClient({ clientId: CLIENT, certificate: keys.certificate });

    const { body } = await requestToken(other, keys);

    expect(body.expires_in).toBe(behavior.accessTokenLifetimeS);
    expect(body.refresh_in).toBe(refreshIn);
  });

  test("they change at run time, and what is not named stays", async () => {
    await using other = await LocalAuthority.start({ accessTokenLifetimeS: 60 });
    other.registerClient({ clientId: CLIENT, certificate: keys.certificate });
    other.adjust({ extExpiresInS: 120 });

    const { body } = await requestToken(other, keys);

    expect(body).toMatchObject({ expires_in: 60, ext_expires_in: 120 });
  });
});

test("an issuer of sts.windows.net makes a token of version 1.0", async () => {
  await using other = await LocalAuthority.start({ issuer: "https://sts.windows.net/{tenantid}/" });
  other.registerClient({ clientId: CLIENT, certificate: keys.certificate });

  const { body } = await requestToken(other, keys);

  expect(claimsOf(body)).toMatchObject({
    iss: `https://sts.windows.net/${TENANT}/`,
    appid: CLIENT,
    ver: "1.0",
  });
});

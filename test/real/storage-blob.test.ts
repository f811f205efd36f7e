import { createPrivateKey, randomBytes, randomUUID } from "node:crypto";
import { BlobServiceClient } from "@azure/storage-blob";
import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { certificate } from "../../src/assertions/index.ts";
import {
  ClientAssertionCredential,
  type GetAssertion,
  TokenEndpointError,
} from "../../src/index.ts";
import { type ClientKeys, createClientKeys } from "../../src/testing/index.ts";
import { CLIENT, TENANT } from "../support/credentials.ts";
import { rejection } from "../support/rejection.ts";
import { type Azurite, startAzurite } from "./support/azurite.ts";
import { type OidcAuthority, startOidcAuthority } from "./support/oidc-authority.ts";

const STORAGE = "https://storage.azure.com/.default";

let azurite: Azurite;
let keys: ClientKeys;

beforeAll(async () => {
  [azurite, keys] = await Promise.all([startAzurite(), createClientKeys()]);
}, 30_000);
afterAll(() => azurite.close());

test("a storage client creates, uploads, lists and downloads with a certificate's token, and one token request serves it all", async () => {
  const authority = await authorityFor({ tokenIssuer: `https://sts.windows.net/${TENANT}/` });
  const { privateKey, certificate: own } = keys;
  const signed = certificate({ privateKey, certificate: own });

  const { listed, downloaded, uploaded } = await roundTrip(credentialOf(authority, signed));

  expect(listed).toEqual(["greeting.bin"]);
  expect(downloaded.equals(uploaded)).toBe(true);
  expect(authority.answers).toEqual([200]);
});

test("a storage client works with RS256 assertions signed by hand", async () => {
  const authority = await authorityFor({ tokenIssuer: `https://sts.windows.net/${TENANT}/` });
  const byHand = () => signByHand(authority.tokenEndpoint);

  const { listed, downloaded, uploaded } = await roundTrip(credentialOf(authority, byHand));

  expect(listed).toEqual(["greeting.bin"]);
  expect(downloaded.equals(uploaded)).toBe(true);
  expect(authority.answers).toEqual([200]);
});

test("an assertion signed by a key that is not registered is refused as invalid_client, after one request", async () => {
  const authority = await authorityFor({ tokenIssuer: `https://sts.windows.net/${TENANT}/` });
  const { privateKey, certificate: own } = await createClientKeys();
  const credential = credentialOf(authority, certificate({ privateKey, certificate: own }));

  const error = await rejection(credential.getToken(STORAGE));

  expect(error).toBeInstanceOf(TokenEndpointError);
  expect(error).toMatchObject({
    statusCode: 401,
    transient: false,
    errorResponse: { error: "invalid_client" },
    message: expect.stringMatching(/invalid_client.*client authentication failed/),
  });
  expect(authority.answers).toEqual([401]);
});

test("an assertion that was used before is refused and not sent again", async () => {
  const authority = await authorityFor({ tokenIssuer: `https://sts.windows.net/${TENANT}/` });
  const assertion = await signByHand(authority.tokenEndpoint);
  await credentialOf(authority, () => assertion).getToken(STORAGE);

  const error = await rejection(credentialOf(authority, () => assertion).getToken(STORAGE));

  expect(error).toMatchObject({ code: "ERR_TOKEN_ENDPOINT", statusCode: 401, transient: false });
  expect(authority.answers).toEqual([200, 401]);
});

test("an assertion for another audience is refused, and the error names that audience", async () => {
  const authority = await authorityFor({ tokenIssuer: `https://sts.windows.net/${TENANT}/` });
  const astray = () => signByHand("https://elsewhere.example/token");

  const error = await rejection(credentialOf(authority, astray).getToken(STORAGE));

  expect(error).toMatchObject({
    code: "ERR_TOKEN_ENDPOINT",
    message: expect.stringMatching(/aud .*https:\/\/elsewhere\.example\/token/),
  });
});

test("a token of the wrong issuer gets the service's own 403, and the credential asks no second time", async () => {
  const authority = await authorityFor({ tokenIssuer: "https://elsewhere.example/" });
  const { privateKey, certificate: own } = keys;
  const signed = certificate({ privateKey, certificate: own });
  const service = serviceFor(credentialOf(authority, signed));

  const error = await rejection(service.createContainer(randomUUID()));

  expect(error).toMatchObject({ name: "RestError", statusCode: 403, code: "AuthenticationFailed" });
  expect(authority.answers).toEqual([200]);
});

async function authorityFor(about: { readonly tokenIssuer: string }): Promise<OidcAuthority> {
  const authority = await startOidcAuthority({
    tenantId: TENANT,
    clientId: CLIENT,
    publicKey: keys.publicKey,
    scope: STORAGE,
    ...about,
  });
  onTestFinished(() => authority.close());
  return authority;
}

function credentialOf(
  authority: OidcAuthority,
  getAssertion: GetAssertion,
): ClientAssertionCredential {
  const credential = new ClientAssertionCredential(TENANT, CLIENT, getAssertion, {
    authorityHost: authority.url,
    tls: { ca: authority.certificate },
  });
  onTestFinished(() => credential.close());
  return credential;
}

function serviceFor(credential: ClientAssertionCredential): BlobServiceClient {
  // The pipeline takes `tlsOptions`, though the storage client's own type does not name them.
  const options = { retryOptions: { maxTries: 1 }, tlsOptions: { ca: azurite.certificate } };
  return new BlobServiceClient(azurite.url, credential, options);
}

async function roundTrip(credential: ClientAssertionCredential) {
  const uploaded = randomBytes(100_000);
  const container = serviceFor(credential).getContainerClient(randomUUID());
  await container.create();
  const blob = container.getBlockBlobClient("greeting.bin");
  await blob.uploadData(uploaded);

  const listed: string[] = [];
  for await (const { name } of container.listBlobsFlat()) listed.push(name);
  return { uploaded, listed, downloaded: await blob.downloadToBuffer() };
}

function signByHand(audience: string): Promise<string> {
  const nowS = Math.floor(Date.now() / 1_000);
  return new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: "RS256", typ: "JWT" })
    .setIssuer(CLIENT)
    .setSubject(CLIENT)
    .setAudience(audience)
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + 60)
    .sign(createPrivateKey(keys.privateKey));
}

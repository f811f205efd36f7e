import type { GetTokenOptions, TokenCredential } from "@azure/core-auth";
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import { parseClaimsChallenge } from "../../src/index.ts";
import { type ChallengingServer, challengingServer } from "./support/challenging-server.ts";
import { localEntra } from "./support/entra.ts";

const SCOPE = "https://vault.azure.net/.default";
const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
const CAE = { enableCae: true };

test("the bearer policy answers a challenge with two getToken calls and one resend", async () => {
  const entra = await localEntra();
  const service = await challengingServer(CLAIMS);
  const { calls, credential } = recorded(entra.credential());

  const status = await clientOf(service, credential)();

  expect(status).toBe(200);
  expect(calls).toMatchObject([{ enableCae: true }, { enableCae: true, claims: CLAIMS }]);
  expect(service.requests.map((request) => request.status)).toEqual([401, 200]);
});

test("the second token request carries the challenge's claims merged with the client's capability", async () => {
  const entra = await localEntra();
  const service = await challengingServer(CLAIMS);

  await clientOf(service, entra.credential())();

  const asked = entra.authority.requests.map(({ claims = "" }) => JSON.parse(claims));
  expect(asked).toEqual([
    { access_token: { xms_cc: { values: ["cp1"] } } },
    {
      access_token: {
        nbf: { essential: true, value: "1604106651" },
        xms_cc: { values: ["cp1"] },
      },
    },
  ]);
});

test("after a challenge a plain call gets the new token from the cache", async () => {
  const entra = await localEntra();
  const service = await challengingServer(CLAIMS);
  const credential = entra.credential();
  await clientOf(service, credential)();

  const { token } = await credential.getToken(SCOPE, CAE);

  expect(token).toBe(service.requests[1]?.token);
  expect(entra.authority.requestCount).toBe(2);
});

test("20 clients that are challenged at once make one further token request", async () => {
  const entra = await localEntra();
  const service = await challengingServer(CLAIMS);
  const { calls, credential } = recorded(entra.credential());
  await credential.getToken(SCOPE, CAE);
  const clients = Array.from({ length: 20 }, () => clientOf(service, credential));

  const statuses = await Promise.all(clients.map((send) => send()));

  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(service.requests).toHaveLength(40);
  expect(calls.filter(({ claims }) => claims === CLAIMS)).toHaveLength(20);
  expect(entra.authority.requestCount).toBe(2);
});

test("20 challenged requests of one client make one further token request", async () => {
  const entra = await localEntra();
  const service = await challengingServer(CLAIMS);
  const send = clientOf(service, entra.credential());

  const statuses = await Promise.all(Array.from({ length: 20 }, () => send()));

  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(entra.authority.requestCount).toBe(2);
});

test("parseClaimsChallenge reads the header as the bearer policy does", async () => {
  const { challenge } = await challengingServer(CLAIMS);

  expect(parseClaimsChallenge(challenge)).toEqual({ kind: "claims", claims: CLAIMS });
});

/** The same credential, and the options of each call to it. */
function recorded(inner: TokenCredential) {
  const calls: GetTokenOptions[] = [];
  const credential: TokenCredential = {
    getToken: (scopes, options = {}) => {
      calls.push(options);
      return inner.getToken(scopes, options);
    },
  };
  return { calls, credential };
}

/** Sends a request through a pipeline of its own and tells the status it ends with. */
function clientOf(service: ChallengingServer, credential: TokenCredential): () => Promise<number> {
  const pipeline = createPipelineFromOptions({ tlsOptions: { ca: service.certificate } });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: SCOPE }));
  const client = createDefaultHttpClient();
  return async () => {
    const request = createPipelineRequest({ url: service.url });
    const { status } = await pipeline.sendRequest(client, request);
    return status;
  };
}

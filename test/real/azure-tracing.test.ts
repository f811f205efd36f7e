import type { GetTokenOptions, TokenCredential } from "@azure/core-auth";
import { BlobServiceClient } from "@azure/storage-blob";
import { trace } from "@opentelemetry/api";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ClientAssertionCredential } from "../../src/index.ts";
import { type ClientKeys, createClientKeys, signAssertion } from "../../src/testing/index.ts";
import { CLIENT, TENANT } from "../support/credentials.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";
import type { ChallengeHandover } from "./scripts/traced-challenge.ts";
import type { StorageHandover } from "./scripts/traced-storage.ts";
import { type Azurite, startAzurite } from "./support/azurite.ts";
import { challengingServer } from "./support/challenging-server.ts";
import type { Handover } from "./support/child.ts";
import { localEntra } from "./support/entra.ts";
import { runInstrumented } from "./support/instrumented-process.ts";
import { type OidcAuthority, startOidcAuthority } from "./support/oidc-authority.ts";
import { type Telling, theSpan } from "./support/telling.ts";

const GET_TOKEN = "ClientAssertionCredential.getToken";
const REFRESH = "entra.credential.refresh";
const TRIGGER = "entra.credential.refresh.trigger";
const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';

let azurite: Azurite;
let authority: OidcAuthority;
let keys: ClientKeys;
/** A container made by one client and a blob put there by another, with one credential. */
let stored: Telling;

useCleanGlobals();

beforeAll(async () => {
  [azurite, keys] = await Promise.all([startAzurite(), createClientKeys()]);
  authority = await startOidcAuthority({
    tenantId: TENANT,
    clientId: CLIENT,
    publicKey: keys.publicKey,
    scope: "https://storage.azure.com/.default",
    tokenIssuer: `https://sts.windows.net/${TENANT}/`,
  });
  stored = await runInstrumented({
    script: new URL("./scripts/traced-storage.ts", import.meta.url),
    instrumentations: ["azure"],
    handover: {
      authorityHost: authority.url,
      ca: authority.certificate,
      assertion: await sign(),
      storage: { url: azurite.url, certificate: azurite.certificate },
    } satisfies Handover & StorageHandover,
  });
}, 60_000);
afterAll(() => Promise.all([azurite.close(), authority.close()]));

test("a storage client's first call for a token is in the span of the operation that needs it", () => {
  const operation = theSpan(stored.spans, { name: "ContainerClient-create" });

  const call = callUnder(stored, operation.spanId);

  expect(call.attributes["entra.credential.token.source"]).toBe("authority");
  expect(call.traceId).toBe(operation.traceId);
});

test("a call answered from the cache is in the span of the operation it serves", () => {
  const operation = theSpan(stored.spans, { name: "BlockBlobClient-upload" });

  const call = callUnder(stored, operation.spanId);

  expect(call.attributes["entra.credential.token.source"]).toBe("cache");
  expect(call.traceId).toBe(operation.traceId);
});

test("the refresh is a trace of its own, linked both ways with the call in the operation's trace", () => {
  const operation = theSpan(stored.spans, { name: "ContainerClient-create" });
  const call = callUnder(stored, operation.spanId);

  const refresh = theSpan(stored.spans, { name: REFRESH });

  expect(refresh).toMatchObject({ parentSpanId: "none", links: [call.spanId] });
  expect(call.links).toEqual([refresh.spanId]);
  expect(refresh.traceId).not.toBe(operation.traceId);
});

test("a request's call is in the span of its tracing context; the call its challenge brings, which is made without one, in the active span", async () => {
  const { spans } = await challenged();

  const calls = spans.filter(({ name }) => name === GET_TOKEN);
  expect(calls.map(({ parentSpanId }) => parentSpanId)).toEqual([
    theSpan(spans, { name: "operation" }).spanId,
    theSpan(spans, { name: "active" }).spanId,
  ]);
});

test("the two refreshes of a challenged request are traces of their own, each linked to its call", async () => {
  const { spans } = await challenged();

  const calls = spans.filter(({ name }) => name === GET_TOKEN);
  const refreshes = spans.filter(({ name }) => name === REFRESH);
  expect(refreshes).toMatchObject([
    { parentSpanId: "none", links: [calls[0]?.spanId], attributes: { [TRIGGER]: "on_demand" } },
    {
      parentSpanId: "none",
      links: [calls[1]?.spanId],
      attributes: { [TRIGGER]: "claims_challenge" },
    },
  ]);
});

test("beside the HTTP instrumentation, which spans requests of the Azure SDK again, token requests are spanned once", async () => {
  const { spans } = await challenged("http");

  const clients = spans.filter(({ kind }) => kind === "CLIENT");
  expect(clients.map(({ scope, name }) => [scope, name])).toEqual([
    ["affiant", "POST"],
    ["@opentelemetry/instrumentation-http", "GET"],
    ["@azure/core-rest-pipeline", "HTTP GET"],
    ["affiant", "POST"],
    ["@opentelemetry/instrumentation-http", "GET"],
    ["@azure/core-rest-pipeline", "HTTP GET"],
  ]);
});

test("a storage client that nobody instrumented hands over a context without a span, and the call is in the active one", async () => {
  const sdk = new Sdk().register();
  const { calls, credential } = recorded(ownCredential());
  const options = { retryOptions: { maxTries: 1 }, tlsOptions: { ca: azurite.certificate } };
  const client = new BlobServiceClient(azurite.url, credential, options);

  await sdk.tracerProvider.getTracer("app").startActiveSpan("active", async (active) => {
    await client.createContainer("untraced");
    active.end();
  });

  const [given] = calls.map(({ tracingOptions }) => tracingOptions?.tracingContext);
  expect(given).toBeDefined();
  expect(given && trace.getSpan(given)).toBeUndefined();
  const active = sdk.span("active").spanContext();
  expect(sdk.span(GET_TOKEN).parentSpanContext).toMatchObject({
    spanId: active.spanId,
    traceId: active.traceId,
  });
});

function callUnder({ spans }: Telling, parentSpanId: string) {
  return theSpan(spans, { name: GET_TOKEN, parentSpanId });
}

function sign(): Promise<string> {
  return signAssertion(keys, { clientId: CLIENT, audience: authority.tokenEndpoint });
}

function ownCredential(): ClientAssertionCredential {
  const credential = new ClientAssertionCredential(TENANT, CLIENT, sign, {
    authorityHost: authority.url,
    tls: { ca: authority.certificate },
  });
  onTestFinished(() => credential.close());
  return credential;
}

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

/** A request that a service answers with a challenge and then with success. */
async function challenged(...more: readonly "http"[]): Promise<Telling> {
  const entra = await localEntra();
  const { url, certificate } = await challengingServer(CLAIMS);
  return runInstrumented({
    script: new URL("./scripts/traced-challenge.ts", import.meta.url),
    instrumentations: ["azure", ...more],
    handover: {
      authorityHost: entra.authority.url,
      ca: entra.certificate,
      assertion: await entra.signLasting(),
      service: { url, certificate },
    } satisfies Handover & ChallengeHandover,
  });
}

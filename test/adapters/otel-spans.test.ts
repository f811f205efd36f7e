import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { SCOPE as EMITTER } from "../../src/telemetry/registry.ts";
import { useFakeClock } from "../support/clock.ts";
import {
  CLIENT,
  credentialAgainst,
  rejection,
  SCOPE,
  TENANT,
  times,
} from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { linked, Sdk, useCleanGlobals } from "./otel-sdk.ts";

const GET_TOKEN = "ClientAssertionCredential.getToken";
const REFRESH = "entra.credential.refresh";
const ASSERTION = "entra.credential.assertion";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

useCleanGlobals();
const clock = useFakeClock();

test("a cold call makes four spans, each of its kind and under its parent", async () => {
  const sdk = new Sdk().register();

  await credentialAgainst(fakeEntra()).getToken(SCOPE);

  const refresh = sdk.span(REFRESH).spanContext();
  const shapes = sdk.spans().map(({ name, kind, parentSpanContext: parent }) => ({
    name,
    kind,
    parent: parent?.spanId,
  }));
  expect(shapes).toEqual([
    { name: ASSERTION, kind: SpanKind.INTERNAL, parent: refresh.spanId },
    { name: "POST", kind: SpanKind.CLIENT, parent: refresh.spanId },
    { name: REFRESH, kind: SpanKind.INTERNAL, parent: undefined },
    { name: GET_TOKEN, kind: SpanKind.INTERNAL, parent: undefined },
  ]);
  expect(sdk.spans().map(({ status }) => status.code)).toEqual(
    times(4, () => SpanStatusCode.UNSET),
  );
});

test("call and flight are traces of their own that link to each other", async () => {
  const sdk = new Sdk().register();

  await credentialAgainst(fakeEntra()).getToken(SCOPE);

  const [call, flight] = [sdk.span(GET_TOKEN), sdk.span(REFRESH)];
  expect(call.spanContext().traceId).not.toBe(flight.spanContext().traceId);
  expect(linked(call.links)).toEqual([flight.spanContext().spanId]);
  expect(linked(flight.links)).toEqual([call.spanContext().spanId]);
});

test("the spans of a cold call have exactly these attributes", async () => {
  const sdk = new Sdk().register();
  const entra = fakeEntra().says(
    200,
    JSON.stringify({ token_type: "Bearer", expires_in: 3600, access_token: "t" }),
    { "x-ms-request-id": "0c1ccb0a-7a4e-4a6c-a9d6-2d1a5d1a0e00" },
  );

  await credentialAgainst(entra, { telemetry: { name: "vault" } }).getToken(SCOPE);

  const about = {
    "entra.credential.name": "vault",
    "entra.tenant.id": TENANT,
    "entra.client.id": CLIENT,
    "entra.credential.token.resource": "https://vault.azure.net",
    "azure.resource_provider.namespace": "Microsoft.AAD",
  };
  expect(sdk.span(GET_TOKEN).attributes).toEqual({
    ...about,
    "entra.credential.token.source": "authority",
  });
  expect(sdk.span(REFRESH).attributes).toEqual({
    ...about,
    "entra.credential.refresh.trigger": "on_demand",
    "entra.credential.refresh.waiter_count": 1,
    "entra.credential.refresh.attempt_count": 1,
    "entra.correlation.id": expect.stringMatching(GUID),
  });
  expect(sdk.span(ASSERTION).attributes).toEqual({
    "entra.credential.name": "vault",
    "entra.credential.assertion.kind": "callback",
    "azure.resource_provider.namespace": "Microsoft.AAD",
  });
  expect(sdk.span("POST").attributes).toEqual({
    "http.request.method": "POST",
    "http.response.status_code": 200,
    "server.address": "login.microsoftonline.com",
    "server.port": 443,
    "url.full": `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`,
    "azure.service.request.id": "0c1ccb0a-7a4e-4a6c-a9d6-2d1a5d1a0e00",
    "entra.correlation.id": entra.requests[0]?.headers["client-request-id"],
    "azure.resource_provider.namespace": "Microsoft.AAD",
  });
});

test("spans come from this package at its version, by the conventions it was coded against", async () => {
  const sdk = new Sdk().register();

  await credentialAgainst(fakeEntra()).getToken(SCOPE);

  expect(sdk.spans().map(({ instrumentationScope }) => instrumentationScope)).toEqual(
    times(4, () => EMITTER),
  );
});

test("a hit is one span without duration, under the active span", async () => {
  const sdk = new Sdk();
  const credential = credentialAgainst(fakeEntra());
  await credential.getToken(SCOPE);
  sdk.register();

  const caller = sdk.tracerProvider.getTracer("app");
  await caller.startActiveSpan("request", async (span) => {
    await credential.getToken(SCOPE);
    span.end();
  });

  const hit = sdk.span(GET_TOKEN);
  expect(hit.attributes["entra.credential.token.source"]).toBe("cache");
  expect(hit.startTime).toEqual(hit.endTime);
  expect(Math.abs(hit.startTime[0] * 1_000 - Date.now())).toBeLessThan(1_000);
  expect(hit.parentSpanContext?.spanId).toBe(sdk.span("request").spanContext().spanId);
  expect(sdk.spans()).toHaveLength(2);
});

test("a stale hit starts a proactive flight that links to the request behind it", async () => {
  const sdk = new Sdk();
  const entra = fakeEntra().issues("first", { refresh_in: 600 }).issues("second");
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ seconds: 700 });
  sdk.register();

  await sdk.tracerProvider.getTracer("app").startActiveSpan("request", async (span) => {
    await credential.getToken(SCOPE);
    span.end();
  });
  await clock.advance({ seconds: 1 });

  const flight = sdk.span(REFRESH);
  expect(sdk.span(GET_TOKEN).attributes["entra.credential.token.source"]).toBe("stale_cache");
  expect(flight.attributes["entra.credential.refresh.trigger"]).toBe("proactive");
  expect(flight.attributes["entra.credential.refresh.waiter_count"]).toBe(0);
  expect(flight.parentSpanContext).toBeUndefined();
  expect(linked(flight.links)).toEqual([sdk.span("request").spanContext().spanId]);
});

test("callers that joined are shared and linked, and the flight to each of them", async () => {
  const sdk = new Sdk().register();
  const credential = credentialAgainst(fakeEntra().takes(100));

  const calls = Promise.all(times(3, () => credential.getToken(SCOPE)));
  await clock.advance({ ms: 100 });
  await calls;

  const flight = sdk.span(REFRESH);
  const callers = sdk.spans(GET_TOKEN);
  const sources = callers.map(({ attributes }) => attributes["entra.credential.token.source"]);
  expect(sources).toEqual(["authority", "shared", "shared"]);
  expect(callers.map(({ links }) => linked(links))).toEqual(
    times(3, () => [flight.spanContext().spanId]),
  );
  expect(linked(flight.links)).toEqual(callers.map((span) => span.spanContext().spanId));
  expect(flight.attributes["entra.credential.refresh.waiter_count"]).toBe(3);
});

test("an error that a retry cured shows on the attempt and nowhere else", async () => {
  const sdk = new Sdk().register();
  const credential = credentialAgainst(fakeEntra().refuses(503, "server_error").issues("t"));

  const call = credential.getToken(SCOPE);
  await clock.advance({ seconds: 5 });
  await call;

  const [first, second] = sdk.spans("POST");
  expect(first?.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(first?.attributes).toMatchObject({
    "error.type": "503",
    "http.response.status_code": 503,
  });
  expect(first?.attributes).not.toHaveProperty("http.request.resend_count");
  expect(second?.attributes).toMatchObject({ "http.request.resend_count": 1 });
  expect(second?.attributes).not.toHaveProperty("error.type");
  expect(sdk.span(REFRESH).attributes["entra.credential.refresh.attempt_count"]).toBe(2);
  for (const name of [GET_TOKEN, REFRESH]) {
    expect(sdk.span(name).status.code).toBe(SpanStatusCode.UNSET);
    expect(sdk.span(name).attributes).not.toHaveProperty("error.type");
  }
});

test("a refusal fails call and flight with its class, its number and its code", async () => {
  const sdk = new Sdk().register();
  const credential = credentialAgainst(fakeEntra().refuses(401, "invalid_client", 700027));

  await rejection(credential.getToken(SCOPE));

  for (const name of [GET_TOKEN, REFRESH]) {
    const { attributes, status } = sdk.span(name);
    expect(attributes).toMatchObject({
      "error.type": "invalid_client",
      "entra.error.code": 700027,
    });
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: "ERR_TOKEN_ENDPOINT" });
  }
  expect(sdk.span(GET_TOKEN).attributes["entra.credential.token.source"]).toBe("none");
  expect(sdk.span("POST").attributes).toMatchObject({
    "error.type": "401",
    "entra.error.code": 700027,
  });
});

test("a failed assertion makes no POST", async () => {
  const sdk = new Sdk().register();
  const getAssertion = async () => {
    throw new Error("the vault is shut");
  };

  await rejection(credentialAgainst(fakeEntra(), { getAssertion }).getToken(SCOPE));

  expect(sdk.spans("POST")).toEqual([]);
  for (const name of [ASSERTION, REFRESH, GET_TOKEN]) {
    expect(sdk.span(name).attributes["error.type"]).toBe("assertion_failed");
  }
});

test("an abort leaves every status unset", async () => {
  const sdk = new Sdk().register();
  const credential = credentialAgainst(fakeEntra().hangs());
  const abort = new AbortController();

  const call = rejection(credential.getToken(SCOPE, { abortSignal: abort.signal }));
  await clock.advance({ ms: 50 });
  abort.abort();
  await call;
  await clock.advance({ ms: 1 });

  expect(
    sdk
      .spans()
      .map(({ name }) => name)
      .sort(),
  ).toEqual([GET_TOKEN, "POST", ASSERTION, REFRESH].sort());
  expect(sdk.spans().map(({ status }) => status.code)).toEqual(
    times(4, () => SpanStatusCode.UNSET),
  );
  expect(sdk.spans().some(({ attributes }) => "error.type" in attributes)).toBe(false);
  expect(sdk.span(GET_TOKEN).attributes["entra.credential.token.source"]).toBe("none");
});

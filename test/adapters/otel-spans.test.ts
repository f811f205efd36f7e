import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { SCOPE as EMITTER } from "../../src/telemetry/registry.ts";
import { SPANS } from "../../src/telemetry/spans.ts";
import { useFakeClock } from "../support/clock.ts";
import { CLIENT, credentialAgainst, SCOPE, TENANT } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { linked, Sdk, useCleanGlobals } from "../support/otel-sdk.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

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

test("spans have the attributes the registry gives them, and no others", async () => {
  const sdk = new Sdk().register();
  const entra = fakeEntra().refuses(429, "throttled", 50196, { "x-ms-request-id": "id" });
  const credential = credentialAgainst(entra.issues("t"));

  const call = credential.getToken(SCOPE);
  await clock.advance({ seconds: 10 });
  await call;
  await credential.getToken(SCOPE);
  await rejection(credential.getToken(""));

  const listed: Readonly<Record<string, { readonly attributes: readonly string[] }>> = SPANS;
  const strangers = sdk
    .spans()
    .flatMap(({ name, attributes }) =>
      Object.keys(attributes).filter((attribute) => !listed[name]?.attributes.includes(attribute)),
    );
  expect(strangers).toEqual([]);
  expect(new Set(sdk.spans().map(({ name }) => name))).toEqual(new Set(Object.keys(SPANS)));
});

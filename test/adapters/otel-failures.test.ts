import { SpanStatusCode } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const GET_TOKEN = "ClientAssertionCredential.getToken";
const REFRESH = "entra.credential.refresh";
const ASSERTION = "entra.credential.assertion";

useCleanGlobals();
const clock = useFakeClock();

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

test("5.4 a refresh that brings no later expiry has failed, and is told so", async () => {
  const sdk = new Sdk().register();
  const entra = fakeEntra().issues("old").issues("no-newer", { expires_in: 200 });
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 56 });

  await credential.getToken(SCOPE);
  await clock.advance({ ms: 10 });

  const [, refresh] = sdk.spans(REFRESH);
  expect(refresh?.attributes["error.type"]).toBe("invalid_response");
  expect(sdk.records("entra.credential.token.refresh.failed")).toMatchObject([
    { severityText: "WARN", attributes: { "entra.credential.token.expires_in": 240 } },
  ]);
  expect(await sdk.durations("entra.credential.token.lifetime")).toMatchObject([{ count: 1 }]);
});

test("8 what closing cuts off has not failed; the call that waited for it has", async () => {
  const sdk = new Sdk().register();
  const credential = credentialAgainst(fakeEntra().hangs());
  const call = rejection(credential.getToken(SCOPE));
  await clock.advance({ ms: 10 });

  await credential.close();
  await call;
  await clock.advance({ ms: 1 });

  expect(sdk.span(GET_TOKEN).attributes["error.type"]).toBe("closed");
  for (const name of [REFRESH, "POST"]) {
    expect(sdk.span(name).status.code).toBe(SpanStatusCode.UNSET);
    expect(sdk.span(name).attributes).not.toHaveProperty("error.type");
  }
  expect(sdk.records()).toEqual([]);
});

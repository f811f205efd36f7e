import { describe, expect, test } from "vitest";
import { MalformedResponseError, TokenEndpointError, TransportError } from "../../src/index.ts";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { type FakeEntra, fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { expectAuthentication, expectNextCallFlies } from "./expectations.ts";

const clock = useFakeClock();

// One request and no second thoughts: the answer itself is what is looked at.
const ONE_TRY = { maxRetries: 0, circuitBreaker: false } as const;

function token(changes: Record<string, unknown>): string {
  return JSON.stringify({
    access_token: "a-token",
    token_type: "Bearer",
    expires_in: 3600,
    ...changes,
  });
}

const MALFORMED: readonly (readonly [name: string, body: string, message: RegExp])[] = [
  ["an empty body", "", /the body is empty/],
  ["a blank body", " \r\n", /the body is empty/],
  ["HTML", "<!doctype html><html>Sign in</html>", /HTML or XML/],
  ["XML", "<?xml version='1.0'?><token/>", /HTML or XML/],
  ["text", "OK", /not a JSON object/],
  ["JSON cut short", token({}).slice(0, -2), /broken or truncated JSON/],
  ["JSON in single quotes", "{'access_token':'a'}", /broken or truncated JSON/],
  ["an array", `[${token({})}]`, /not a JSON object/],
  ["null", "null", /not a JSON object/],
  ["a string", '"a-token"', /not a JSON object/],
  ["an empty object", "{}", /access_token is missing/],
  ["no access_token", token({ access_token: undefined }), /access_token is missing/],
  ["null for access_token", token({ access_token: null }), /access_token is not a string/],
  ["a number for access_token", token({ access_token: 5 }), /access_token is not a string/],
  ["an empty access_token", token({ access_token: "" }), /access_token is empty/],
  ["a blank in the token", token({ access_token: "a token" }), /forbidden characters/],
  ["a header smuggled in", token({ access_token: "a\r\nhost: x" }), /forbidden characters/],
  ["no token_type", token({ token_type: undefined }), /token_type is missing/],
  ["another token_type", token({ token_type: "pop" }), /token_type is not Bearer/],
  ["a number for token_type", token({ token_type: 1 }), /token_type is not Bearer/],
  ["no lifetime", token({ expires_in: undefined }), /neither expires_in nor expires_on/],
  ["null for the lifetime", token({ expires_in: null }), /neither expires_in nor expires_on/],
  ["words for the lifetime", token({ expires_in: "an hour" }), /neither expires_in nor expires_on/],
  ["an empty lifetime", token({ expires_in: "" }), /neither expires_in nor expires_on/],
  ["a lifetime of 0", token({ expires_in: 0 }), /lifetime is not positive/],
  ["a lifetime of '0'", token({ expires_in: "0" }), /lifetime is not positive/],
  ["a negative lifetime", token({ expires_in: -3600 }), /lifetime is not positive/],
  ["expires_on in the past", token({ expires_in: undefined, expires_on: 1 }), /not positive/],
  ["a date for a lifetime", token({ expires_in: 1_772_366_400 }), /longer than ten years/],
  [
    "an endless lifetime",
    '{"access_token":"a","token_type":"Bearer","expires_in":1e400}',
    /ten years/,
  ],
];

interface Strange {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly message: RegExp;
}

const STRANGE: readonly Strange[] = [
  ...[301, 302, 303, 307, 308].map((status) => ({
    status,
    headers: { location: "https://other.example/" },
    message: /redirects, and redirects are not followed/,
  })),
  { status: 300, body: token({}), message: /redirects/ },
  { status: 304, body: "", message: /redirects/ },
  { status: 204, body: "", message: /the body is empty/ },
  { status: 100, body: token({}), message: /the status is unknown/ },
  { status: 600, body: token({}), message: /the status is unknown/ },
  { status: 0, body: "", message: /the status is unknown/ },
];

const REFUSALS: readonly (Strange & { readonly error: string; readonly transient: boolean })[] = [
  refusal(400, "invalid_request", false),
  refusal(401, "invalid_client", false),
  refusal(403, "access_denied", false),
  refusal(408, "request_timeout", true),
  refusal(429, "too_many_requests", true),
  refusal(500, "server_error", true),
  refusal(503, "temporarily_unavailable", true),
  // An OAuth error is one, whatever the status says.
  refusal(200, "invalid_grant", false),
  // A token that comes with a refusal is none.
  { ...refusal(400, "unknown_error", false), body: token({}), message: /no OAuth error.*HTTP 400/ },
  { ...refusal(502, "unknown_error", true), body: "<html>", message: /HTML or XML.*HTTP 502/ },
  { ...refusal(404, "unknown_error", false), body: "", message: /body is empty.*HTTP 404/ },
  { ...refusal(418, "unknown_error", false), body: "teapot", message: /HTTP 418/ },
];

function refusal(status: number, error: string, transient: boolean) {
  const body = JSON.stringify({ error, error_description: "A made-up reason." });
  return {
    status,
    error,
    transient,
    body,
    message: new RegExp(`^${error}: A made.*HTTP ${status}`),
  };
}

async function failureOf(entra: FakeEntra) {
  const credential = credentialAgainst(entra, { resilience: ONE_TRY });
  const error = await rejection(credential.getToken(SCOPE));
  expect(entra.requests).toHaveLength(1);
  return { error, credential };
}

describe("3.6 a success without a usable token is malformed, and nothing is kept", () => {
  test.each(MALFORMED)("%s", async (_name, body, message) => {
    const entra = fakeEntra().says(200, body).issues("good");

    const { error, credential } = await failureOf(entra);

    const facts = { code: "ERR_MALFORMED_RESPONSE", statusCode: 200, transient: true };
    expectAuthentication(error, message, MalformedResponseError, facts);
    await clock.advance({ minutes: 1 });
    await expectNextCallFlies(credential, entra);
  });

  test.each(STRANGE)("the status $status", async ({ status, body = "", headers = {}, message }) => {
    const entra = fakeEntra().says(status, body, headers).issues("good");

    const { error, credential } = await failureOf(entra);

    const facts = { code: "ERR_MALFORMED_RESPONSE", statusCode: status };
    expectAuthentication(error, message, MalformedResponseError, facts);
    await clock.advance({ minutes: 1 });
    await expectNextCallFlies(credential, entra);
  });
});

test.each(REFUSALS)("3.7 $status $error is a refusal, and nothing is kept", async (row) => {
  const { status, error: oauthError, transient, body = "", message } = row;
  const entra = fakeEntra().says(status, body).issues("good");

  const { error, credential } = await failureOf(entra);

  expectAuthentication(error, message, TokenEndpointError, {
    code: "ERR_TOKEN_ENDPOINT",
    statusCode: status,
    transient,
    errorResponse: { error: oauthError },
  });
  await clock.advance({ minutes: 1 });
  await expectNextCallFlies(credential, entra);
});

test.each(["ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EPIPE"])(
  "6.2 no answer at all is a transport error that names the system's code: %s",
  async (systemCode) => {
    const entra = fakeEntra().fails(systemCode).issues("good");

    const { error, credential } = await failureOf(entra);

    const facts = { code: "ERR_TRANSPORT", systemCode, transient: true };
    expectAuthentication(error, new RegExp(systemCode), TransportError, facts);
    await clock.advance({ minutes: 1 });
    await expectNextCallFlies(credential, entra);
  },
);

test("7 each attempt is told with its status", async () => {
  const entra = fakeEntra().says(200, "").says(502, "").issues("good");
  const credential = credentialAgainst(entra, { resilience: { ...ONE_TRY, maxRetries: 1 } });
  const rejected = rejection(credential.getToken(SCOPE));

  await clock.advance({ minutes: 1 });

  expect(await rejected).toMatchObject({
    attempts: [
      { attempt: 1, code: "ERR_MALFORMED_RESPONSE", statusCode: 200 },
      { attempt: 2, code: "ERR_TOKEN_ENDPOINT", statusCode: 502 },
    ],
  });
});

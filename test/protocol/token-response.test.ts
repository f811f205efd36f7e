import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MalformedResponseError, TokenEndpointError } from "../../src/domain/errors.ts";
import type { EndpointResponse } from "../../src/protocol/endpoint.ts";
import { readTokenResponse } from "../../src/protocol/token-response.ts";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);
const CONTEXT = { correlationId: "c-1", now: NOW };
const TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ2YXVsdCJ9.c2lnbmF0dXJl";
const GOOD = { token_type: "Bearer", expires_in: 3599, access_token: TOKEN };

function response(
  status: number,
  body: unknown,
  headers: EndpointResponse["headers"] = {},
): EndpointResponse {
  return { status, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
}

function errorOf(answer: EndpointResponse): TokenEndpointError | MalformedResponseError {
  try {
    readTokenResponse(answer, CONTEXT);
  } catch (error) {
    if (error instanceof TokenEndpointError || error instanceof MalformedResponseError)
      return error;
    throw error;
  }
  throw new Error("the response was accepted");
}

function refusalOf(answer: EndpointResponse): TokenEndpointError {
  const error = errorOf(answer);
  if (error instanceof TokenEndpointError) return error;
  throw error;
}

test("3.6 a good response gives its token", () => {
  expect(readTokenResponse(response(200, GOOD), CONTEXT).reveal()).toBe(TOKEN);
});

test("3.6 a good response gives its lifetime and refresh point", () => {
  const issued = readTokenResponse(response(200, { ...GOOD, refresh_in: 1800 }), CONTEXT);

  expect(issued).toMatchObject({ lifetimeMs: 3_599_000, refreshInMs: 1_800_000 });
});

test.each([
  ["bearer in any case", response(200, { ...GOOD, token_type: "bEARER" })],
  ["another status of success", response(201, GOOD)],
  ["an opaque token", response(200, { ...GOOD, access_token: "EwB4/A+8=" })],
  ["members nobody knows", response(200, { ...GOOD, ext_expires_in: "x", scope: 7 })],
  ["an error member beside a token", response(200, { ...GOOD, error: "none" })],
  ["a byte order mark", response(200, `\uFEFF${JSON.stringify(GOOD)}`)],
  ["a content type that is not JSON's", response(200, GOOD, { "content-type": "text/plain" })],
])("3.6 a good response may have %s", (_what, answer) => {
  expect(readTokenResponse(answer, CONTEXT).lifetimeMs).toBe(3_599_000);
});

const { expires_in: _lifetime, ...UNDATED } = GOOD;

test("3.6 expires_on counts from the Date header, so that a wrong local clock does no harm", () => {
  const body = { ...UNDATED, expires_on: NOW / 1000 + 3600 };
  const answer = response(200, body, { date: "Thu, 01 Jan 2026 12:10:00 GMT" });

  expect(readTokenResponse(answer, CONTEXT).lifetimeMs).toBe(3_000_000);
});

test("3.6 expires_on counts from the local clock when the Date header cannot be read", () => {
  const body = { ...UNDATED, expires_on: NOW / 1000 + 3600 };

  expect(readTokenResponse(response(200, body, { date: "?" }), CONTEXT).lifetimeMs).toBe(3_600_000);
});

test.each([
  ["an empty body", response(200, ""), "the body is empty"],
  ["a blank body", response(200, " \n"), "the body is empty"],
  ["no content", response(204, ""), "the body is empty"],
  ["HTML", response(200, "<!doctype html><h1>Sign in</h1>"), "HTML"],
  ["truncated JSON", response(200, JSON.stringify(GOOD).slice(0, -5)), "truncated JSON"],
  ["plain text", response(200, "OK"), "not a JSON object"],
  ["a JSON array", response(200, [GOOD]), "not a JSON object"],
  ["JSON null", response(200, "null"), "not a JSON object"],
  ["an empty object", response(200, {}), "access_token is missing"],
  ["a null token", response(200, { ...GOOD, access_token: null }), "access_token is not a string"],
  [
    "a number as token",
    response(200, { ...GOOD, access_token: 7 }),
    "access_token is not a string",
  ],
  ["an empty token", response(200, { ...GOOD, access_token: "" }), "access_token is empty"],
  ["a blank token", response(200, { ...GOOD, access_token: " " }), "access_token holds forbidden"],
  ["a line break in the token", response(200, { ...GOOD, access_token: "a\r\nb" }), "forbidden"],
  [
    "a control character in the token",
    response(200, { ...GOOD, access_token: "a\u0000" }),
    "forbidden",
  ],
  ["a letter no header can hold", response(200, { ...GOOD, access_token: "ä" }), "forbidden"],
  ["no token type", response(200, { ...GOOD, token_type: undefined }), "token_type is missing"],
  ["another token type", response(200, { ...GOOD, token_type: "pop" }), "token_type is not Bearer"],
  [
    "a token type of another type",
    response(200, { ...GOOD, token_type: ["Bearer"] }),
    "not Bearer",
  ],
  ["no lifetime", response(200, UNDATED), "neither expires_in nor expires_on"],
  ["a lifetime in words", response(200, { ...GOOD, expires_in: "1h" }), "neither expires_in nor"],
  [
    "a lifetime of another type",
    response(200, { ...GOOD, expires_in: {} }),
    "neither expires_in nor",
  ],
  ["a zero lifetime", response(200, { ...GOOD, expires_in: 0 }), "lifetime is not positive"],
  ["a zero lifetime as digits", response(200, { ...GOOD, expires_in: "0" }), "not positive"],
  ["a negative lifetime", response(200, { ...GOOD, expires_in: -60 }), "lifetime is not positive"],
  ["a negative lifetime as digits", response(200, { ...GOOD, expires_in: "-60" }), "not positive"],
  [
    "a zero lifetime before a good expires_on",
    response(200, { ...GOOD, expires_in: 0, expires_on: NOW / 1000 + 3600 }),
    "lifetime is not positive",
  ],
  [
    "an expires_on that has passed",
    response(200, { ...UNDATED, expires_on: NOW / 1000 - 1 }),
    "lifetime is not positive",
  ],
  [
    "a point in time as expires_in",
    response(200, { ...GOOD, expires_in: NOW / 1000 }),
    "ten years",
  ],
  ["milliseconds as expires_on", response(200, { ...UNDATED, expires_on: NOW }), "ten years"],
  [
    "a lifetime without end",
    response(200, JSON.stringify(GOOD).replace("3599", "1e999")),
    "ten years",
  ],
  ["a redirect", response(302, "", { location: "https://evil/" }), "redirects are not followed"],
  ["a redirect with a good body", response(307, GOOD), "redirects are not followed"],
  ["a status below 200", response(100, ""), "the status is unknown"],
  ["a status above 599", response(999, GOOD), "the status is unknown"],
])("3.6 %s is a malformed response, and the error says so", (_what, answer, fault) => {
  expect(errorOf(answer)).toMatchObject({
    name: "MalformedResponseError",
    code: "ERR_MALFORMED_RESPONSE",
    statusCode: answer.status,
    correlationId: "c-1",
    transient: true,
    message: expect.stringContaining(fault),
  });
});

test("3.6 a redirect is not quoted", () => {
  const answer = response(302, "", { location: "https://evil.example/" });

  expect(inspect(errorOf(answer))).not.toContain("evil");
});

const REFUSAL = { error: "invalid_client", error_description: "AADSTS7000215: Invalid secret." };

test("3.7 an OAuth error that comes as a success is a refusal", () => {
  expect(refusalOf(response(200, REFUSAL))).toMatchObject({ statusCode: 200, transient: false });
});

test.each([
  ["a refusal", response(503, REFUSAL, { "retry-after": "5" })],
  ["a gateway's page", response(503, "<html>", { "retry-after": "5" })],
  ["a malformed response", response(200, "<html>", { "retry-after": "5" })],
])("6.4 %s keeps its Retry-After", (_what, answer) => {
  expect(errorOf(answer).retryAfterMs).toBe(5_000);
});

test.each([
  [
    "a refusal that echoes it",
    response(400, { ...REFUSAL, error_description: `Bad ${TOKEN}. Go.` }),
  ],
  [
    "a refusal that is it",
    response(400, { error: TOKEN, suberror: TOKEN, claims: `{"a":"${TOKEN}"}` }),
  ],
  ["a refusal beside it", response(400, { ...GOOD, error: "e" })],
  ["a page that echoes it", response(500, `<p>${TOKEN}</p>`)],
  ["a good token of another type", response(200, { ...GOOD, token_type: TOKEN })],
  ["a good token without a lifetime", response(200, { ...GOOD, expires_in: TOKEN })],
  ["truncated JSON", response(200, JSON.stringify({ ...GOOD, x: 1 }).slice(0, -1))],
  ["a redirect that carries it", response(302, TOKEN, { location: `https://x/?t=${TOKEN}` })],
])("7 no error holds a token: %s", (_what, answer) => {
  const error = errorOf(answer);

  const shown = inspect(error, { depth: null, showHidden: true }) + JSON.stringify(error);

  expect(shown).not.toMatch(/eyJhbGci|eyJhdWQi|c2lnbmF0/);
});

test("3.6 no response makes it throw anything but its two errors", () => {
  const field = fc.constantFrom(...Object.keys(GOOD), "error", "error_codes", "error_description");
  const body = fc.oneof(
    fc.string(),
    fc.dictionary(field, fc.jsonValue()).map((members) => JSON.stringify({ ...GOOD, ...members })),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 700 }), body, (status, text) => {
      try {
        const { lifetimeMs } = readTokenResponse(response(status, text), CONTEXT);
        expect(lifetimeMs).toBeGreaterThan(0);
      } catch (error) {
        const known =
          error instanceof TokenEndpointError || error instanceof MalformedResponseError;
        expect(known).toBe(true);
      }
    }),
  );
});

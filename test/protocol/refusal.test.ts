import { expect, test } from "vitest";
import type { TokenEndpointError } from "../../src/domain/errors.ts";
import { refusalOf } from "../../src/protocol/refusal.ts";

const REFUSAL = {
  error: "invalid_client",
  error_description:
    "AADSTS7000215: Invalid client secret provided. Ensure it is the value.\r\nTrace ID: t-1\r\nCorrelation ID: c-2\r\nTimestamp: 2026-01-01 12:00:00Z",
  error_codes: [7000215],
  trace_id: "t-1",
  correlation_id: "c-2",
};

function refusal(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): TokenEndpointError {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return refusalOf({ status, headers, body: text }, { correlationId: "c-1", now: 0 });
}

test("3.7 a refusal says why in one sentence, with status, cure and documentation", () => {
  expect(refusal(401, REFUSAL).message).toBe(
    "invalid_client: AADSTS7000215: Invalid client secret provided (HTTP 401). " +
      "The app's secret is wrong: check that the client id is the one the assertion is for. " +
      "See https://login.microsoftonline.com/error?code=7000215",
  );
});

test("3.7 a refusal keeps its facts", () => {
  expect(refusal(401, REFUSAL, { "retry-after": "7" })).toMatchObject({
    statusCode: 401,
    entraCode: 7000215,
    correlationId: "c-1",
    retryAfterMs: 7_000,
    errorResponse: { error: "invalid_client", errorCodes: [7000215], traceId: "t-1" },
  });
});

test.each([
  ["its tail alone", "Trace ID: t Timestamp: x", "e (HTTP 400)."],
  ["nothing", "", "e (HTTP 400)."],
  ["one sentence without an end", "No tenant", "e: No tenant (HTTP 400)."],
  ["a version number", "Use v2.0 of it. Please.", "e: Use v2.0 of it (HTTP 400)."],
  ["line breaks", "a\r\nb", "e: a b (HTTP 400)."],
])("3.7 a description of %s makes a message", (_what, error_description, message) => {
  expect(refusal(400, { error: "e", error_description }).message).toBe(message);
});

test("3.7 a message stays short", () => {
  const body = { error: "e".repeat(39), error_description: "word ".repeat(10_000) };

  expect(refusal(400, body).message.length).toBeLessThan(400);
});

test.each([
  ["error_codes", { error_codes: [90002], error_description: "AADSTS1: x" }, 90002],
  ["error_codes as strings", { error_codes: ["90002"] }, 90002],
  ["the description", { error_description: "x AADSTS90002: y" }, 90002],
  [
    "the description, when error_codes are junk",
    { error_codes: [{}], error_description: "AADSTS5" },
    5,
  ],
  ["nowhere", { error_description: "AADSTS: no number" }, undefined],
])("3.7 the AADSTS number comes from %s", (_where, body, entraCode) => {
  expect(refusal(400, { error: "e", ...body }).entraCode).toBe(entraCode);
});

test.each([[408], [429], [500], [502], [503], [504]])("7 HTTP %i is transient", (status) => {
  expect(refusal(status, { error: "e" }).transient).toBe(true);
});

test.each([[400], [401], [403], [404], [418], [501], [505]])(
  "7 HTTP %i is not transient",
  (status) => {
    expect(refusal(status, { error: "e" }).transient).toBe(false);
  },
);

test("4.4 an assertion outside its validity is not transient by itself", () => {
  const body = { error: "invalid_client", error_codes: [700024] };

  expect(refusal(401, body).transient).toBe(false);
});

test.each([
  ["HTML", 503, "<html>", "the body is HTML or XML"],
  ["nothing", 502, "", "the body is empty"],
  ["text", 429, "Too many requests", "the body is not a JSON object"],
  ["truncated JSON", 500, '{"error":"inv', "the body is broken or truncated JSON"],
  ["JSON that is no OAuth error", 400, '{"error":{"code":"x"}}', "the body is no OAuth error"],
])("7 a refusal with %s for a body keeps its status", (_what, status, body, reason) => {
  expect(refusal(status, body)).toMatchObject({
    statusCode: status,
    errorResponse: { error: "unknown_error" },
    message: expect.stringMatching(
      new RegExp(`^unknown_error: ${reason}.* \\(HTTP ${status}\\)\\.$`),
    ),
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { readErrorResponse } from "../../src/protocol/error-response.ts";

const JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjbGllbnQifQ.c2lnbmF0dXJl";

function read(body: Record<string, unknown>) {
  return readErrorResponse(JSON.stringify({ error: "invalid_client", ...body }));
}

test("3.7 an OAuth error keeps all that Entra says", () => {
  const claims = '{"access_token":{"capolids":{"essential":true,"values":["c1"]}}}';

  const errorResponse = read({
    error_description: "AADSTS53003: Blocked.\r\nTrace ID: t",
    error_codes: [53003],
    suberror: "message_only",
    claims,
    timestamp: "2026-01-01 12:00:00Z",
    trace_id: "t",
    correlation_id: "c",
  });

  expect(errorResponse).toEqual({
    error: "invalid_client",
    errorDescription: "AADSTS53003: Blocked. Trace ID: t",
    errorCodes: [53003],
    suberror: "message_only",
    claims,
    timestamp: "2026-01-01 12:00:00Z",
    traceId: "t",
    correlationId: "c",
  });
});

test("3.7 an OAuth error needs no more than its name", () => {
  expect(read({})).toEqual({ error: "invalid_client", errorDescription: "" });
});

test.each([
  ["nothing", ""],
  ["HTML", "<html>"],
  ["an array", "[]"],
  ["no error", '{"error_description":"x"}'],
  ["an empty error", '{"error":" "}'],
  ["an error of another type", '{"error":{"code":"x"}}'],
])("3.7 a body of %s is no OAuth error", (_what, body) => {
  expect(readErrorResponse(body)).toBeUndefined();
});

test.each([
  ["numbers as strings", ["700016", "50196"], [700016, 50196]],
  ["junk between them", [null, {}, -1, 1.5, "x", "0x1", 700016], [700016]],
  ["far too many", Array.from({ length: 1_000 }, () => 7), Array.from({ length: 10 }, () => 7)],
])("3.7 error codes are tolerated: %s", (_what, error_codes, expected) => {
  expect(read({ error_codes })?.errorCodes).toEqual(expected);
});

test.each([
  ["error_codes of another type", { error_codes: 700016 }],
  ["no good error code", { error_codes: ["x"] }],
  ["a suberror of another type", { suberror: 7 }],
  ["claims that are no JSON object", { claims: "[]" }],
  ["claims of another type", { claims: { a: 1 } }],
  ["claims that would have to be cut", { claims: JSON.stringify({ a: " ".repeat(4_000) }) }],
  ["claims that hold a token", { claims: JSON.stringify({ a: JWT }) }],
  ["ids of another type", { trace_id: 1, correlation_id: [], timestamp: {} }],
])("3.7 what cannot be used is left out: %s", (_what, body) => {
  expect(read(body)).toEqual({ error: "invalid_client", errorDescription: "" });
});

test.each([
  ["error"],
  ["error_description"],
  ["suberror"],
  ["timestamp"],
  ["trace_id"],
  ["correlation_id"],
])("7 a token in %s is redacted", (field) => {
  expect(JSON.stringify(read({ [field]: `x ${JWT} y` }))).toContain('"x [redacted] y"');
});

test("7 no text is longer than 2,000 characters", () => {
  const long = "word ".repeat(10_000);

  const errorResponse = read({ error: long, error_description: long, suberror: long });

  expect(Object.values(errorResponse ?? {}).map((text) => text?.length)).toEqual([100, 2_000, 100]);
});

test("3.7 no JSON makes it throw", () => {
  const field = fc.constantFrom("error", "error_description", "error_codes", "claims", "suberror");
  fc.assert(
    fc.property(fc.dictionary(field, fc.jsonValue()), (body) => {
      expect(() => readErrorResponse(JSON.stringify(body))).not.toThrow();
    }),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { redactSecrets } from "../../src/domain/redact.ts";

const HEADER = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0";
const PAYLOAD = "eyJpc3MiOiJodHRwczovL2lzc3VlciIsInN1YiI6ImNsaWVudCJ9";
const SIGNATURE = "dGhpc19pc19hX3NpZ25hdHVyZS1vZi1hLVJTQS1rZXk4OTAxMjM0NTY3ODk";

test.each([
  ["a JWT", `bad ${HEADER}.${PAYLOAD}.${SIGNATURE} given`, "bad [redacted] given"],
  ["a JWT at the end of a sentence", `bad ${HEADER}.${PAYLOAD}.c2ln. Go`, "bad [redacted]. Go"],
  ["a JWT in a form", `client_assertion%3D${HEADER}.e30.c2ln&a=b`, "[redacted]&a=b"],
  ["a JWT in JSON", `{"a":"${HEADER}.e30.c2ln"}`, '{"a":"[redacted]"}'],
  ["a JWT without a signature", `${HEADER}.${PAYLOAD}.`, "[redacted]."],
  ["an encrypted JWT", `${HEADER}..aXY.${PAYLOAD}.dGFn`, "[redacted]"],
  ["the start of a JWT", "starts with eyJhbGciOiJ", "starts with [redacted]"],
  [
    "a JWT whose JSON has blanks",
    "starts with eyAiYWxnIjogIlJTMjU2IiB9.e30",
    "starts with [redacted]",
  ],
  ["a JWT whose JSON has line breaks", "with ewogICJhbGciOiJub25lIgp9.e30.", "with [redacted]."],
  ["a signature alone", `signature ${SIGNATURE}!`, "signature [redacted]!"],
  [
    "standard base64",
    "key MIIEvQIBADANBgkqhkiG9w0BAQEF/AASC+BKcwggSjAgEAAoIB==.",
    "key [redacted].",
  ],
  ["percent-encoded base64", `key ${"Ab3kkxZ9%2B".repeat(6)}%3D.`, "key [redacted]."],
  ["one long word", `key ${"x".repeat(40)}.`, "key [redacted]."],
])("7 a secret is redacted: %s", (_what, text, expected) => {
  expect(redactSecrets(text)).toBe(expected);
});

test.each([
  ["prose", "AADSTS7000215: Invalid client secret provided. Ensure the secret is the value."],
  ["a URL", "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"],
  ["an encoded URL", "scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"],
  ["GUIDs", "12345678-9abc-def0-1234-56789abcdef0/0fedcba9-8765-4321-0fed-cba987654321"],
  ["a thumbprint", "thumbprint 'D0E5A1B2C3D4E5F60718293A4B5C6D7E8F901234'"],
  ["a federated subject", "repo:octo-org/octo-repo:environment:Production-of-the-West-Coast"],
  ["snake case", "client_assertion_type_of_the_request_that_was_refused"],
  ["a camel name with eyJ in it", "PrivateKeyJwtAuthentication is not allowed"],
  ["an issuer", "https://login.microsoftonline.com/12345678-9abc-def0-1234-56789abcdef0/v2.0"],
])("7 what is no secret stays readable: %s", (_what, text) => {
  expect(redactSecrets(text)).toBe(text);
});

test("7 no part of a random JWT survives, whatever surrounds it", () => {
  const encoded = (minLength: number) =>
    fc
      .uint8Array({ minLength, maxLength: minLength * 2 })
      .map((bytes) => Buffer.from(bytes).toString("base64url"));
  const around = fc.constantFrom("", " ", "'", "=", ": ", "\n", "%20", "(", ">");
  fc.assert(
    fc.property(around, encoded(32), encoded(64), around, (before, payload, signature, after) => {
      const jwt = `${HEADER}.eyJ${payload}.${signature}`;

      const text = redactSecrets(`a${before}${jwt}${after}z`);

      expect(jwt.split(".").some((part) => text.includes(part.slice(0, 8)))).toBe(false);
    }),
  );
});

test("7 redacting twice changes nothing more", () => {
  const piece = fc.constantFrom(HEADER, SIGNATURE, ".", "..", " ", "[redacted]", "a-b", "/", "%2F");
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
      const once = redactSecrets(pieces.join(""));

      expect(redactSecrets(once)).toBe(once);
    }),
  );
});

test.each([["eyJ"], ["a"], ["."], ["%2F"], ["/a"], ["[redacted]."]])(
  "7 a megabyte of %j is redacted without delay",
  (piece) => {
    const text = piece.repeat(1_000_000 / piece.length);

    const start = process.cpuUsage();
    redactSecrets(text);

    expect(process.cpuUsage(start).user).toBeLessThan(2_000_000);
  },
);

test("7 the frames of a stack keep their paths, whatever the folders are called", () => {
  const frame = "    at sign (file:///tmp/tmp.d7rIXbyTBg9dkL2mQx81ZpWv/src/vault/client.js:29:12)";

  expect(redactSecrets(`Error: failed\n${frame}`)).toBe(`Error: failed\n${frame}`);
});

test("7 a JWT in a frame is redacted all the same", () => {
  const frame = `    at sign (${HEADER}.${PAYLOAD}.${SIGNATURE}:1:1)`;

  expect(redactSecrets(frame)).toBe("    at sign ([redacted]:1:1)");
});

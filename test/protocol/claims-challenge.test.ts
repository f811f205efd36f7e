import fc from "fast-check";
import { expect, test } from "vitest";
import { parseClaimsChallenge } from "../../src/protocol/claims-challenge.ts";

const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1603742800"}},"s":"ÿþ?>~ü"}';
const BASE64 = Buffer.from(CLAIMS).toString("base64");
const URL_SAFE = Buffer.from(CLAIMS).toString("base64url");
const INSUFFICIENT = 'error="insufficient_claims"';

test("the samples differ in both alphabets and have padding", () => {
  expect([/[+/]/.test(BASE64), /[-_]/.test(URL_SAFE), BASE64.endsWith("=")]).toEqual([
    true,
    true,
    true,
  ]);
});

test.each([
  ["standard base64", `Bearer realm="", ${INSUFFICIENT}, claims="${BASE64}"`],
  [
    "standard base64 without padding",
    `Bearer ${INSUFFICIENT}, claims="${BASE64.replace(/=/g, "")}"`,
  ],
  ["URL-safe base64", `Bearer ${INSUFFICIENT}, claims="${URL_SAFE}"`],
  [
    "URL-safe base64 with padding",
    `Bearer ${INSUFFICIENT}, claims="${URL_SAFE}=="`.replace("==", "="),
  ],
  [
    "a blank in the base64",
    `Bearer ${INSUFFICIENT}, claims="${BASE64.slice(0, 8)} ${BASE64.slice(8)}"`,
  ],
  ["bare JSON with escaped quotes", `Bearer ${INSUFFICIENT}, claims=${JSON.stringify(CLAIMS)}`],
  ["unquoted values", `Bearer error=insufficient_claims, claims=${BASE64}`],
  ["claims before the error", `Bearer claims="${BASE64}", ${INSUFFICIENT}`],
  ["other cases", `BEARER ERROR="Insufficient_Claims", Claims="${BASE64}"`],
  ["blanks around the equals sign", `Bearer error = "insufficient_claims" , claims = "${BASE64}"`],
  ["no blanks at all", `Bearer ${INSUFFICIENT},claims="${BASE64}"`],
  ["no comma between parameters", `Bearer ${INSUFFICIENT} claims="${BASE64}"`],
  ["no last quote", `Bearer ${INSUFFICIENT}, claims="${BASE64}`],
  ["a line break between parameters", `Bearer ${INSUFFICIENT},\r\n claims="${BASE64}"`],
  ["empty list members", `, ,Bearer ,${INSUFFICIENT},, claims="${BASE64}",`],
  [
    "commas, schemes and quotes inside a description",
    `Bearer error_description="a \\"b\\", PoP claims=x, Bearer claims=y", ${INSUFFICIENT}, claims="${BASE64}"`,
  ],
  [
    "another scheme before",
    `PoP nonce="abc", claims="e30", Bearer ${INSUFFICIENT}, claims="${BASE64}"`,
  ],
  [
    "another scheme after",
    `Bearer ${INSUFFICIENT}, claims="${BASE64}", PoP nonce="abc", claims="e30"`,
  ],
  ["a scheme without parameters before", `Negotiate, Bearer ${INSUFFICIENT}, claims="${BASE64}"`],
  [
    "a scheme with a token68 before",
    `NTLM TlRMTVNTUAAB==, Bearer ${INSUFFICIENT}, claims="${BASE64}"`,
  ],
  ["no comma between schemes", `PoP nonce="abc" Bearer ${INSUFFICIENT}, claims="${BASE64}"`],
  [
    "another Bearer challenge before",
    `Bearer realm="a", Bearer ${INSUFFICIENT}, claims="${BASE64}"`,
  ],
  ["another error with claims", `Bearer error="invalid_token", claims="${BASE64}"`],
  ["no error with claims", `Bearer authorization_uri="https://login/", claims="${BASE64}"`],
  [
    "insufficient_claims behind another error with claims",
    `Bearer error="invalid_token", claims="e30", Bearer ${INSUFFICIENT}, claims="${BASE64}"`,
  ],
  [
    "a readable challenge behind an unreadable one",
    `Bearer ${INSUFFICIENT}, claims="%%", Bearer ${INSUFFICIENT}, claims="${BASE64}"`,
  ],
  ["claims given twice", `Bearer ${INSUFFICIENT}, claims="${BASE64}", claims="e30"`],
])("9 claims are read: %s", (_form, header) => {
  expect(parseClaimsChallenge(header)).toEqual({ kind: "claims", claims: CLAIMS });
});

test.each([
  ["null", null],
  ["undefined", undefined],
  ["nothing", ""],
  ["a Bearer challenge without claims", 'Bearer realm="", error="invalid_token"'],
  ["claims of another scheme", `PoP ${INSUFFICIENT}, claims="${BASE64}"`],
  ["parameters without a scheme", `${INSUFFICIENT}, claims="${BASE64}"`],
  ["claims in a description", `Bearer error_description="claims=${URL_SAFE}"`],
])("9 there is no claims challenge in %s", (_form, header) => {
  expect(parseClaimsChallenge(header)).toEqual({ kind: "none" });
});

test.each([
  ["no claims", `Bearer ${INSUFFICIENT}`, "names no claims"],
  ["empty claims", `Bearer ${INSUFFICIENT}, claims=""`, "names no claims"],
  ["claims that are no base64", `Bearer ${INSUFFICIENT}, claims="?*!"`, "not base64"],
  ["cut-off base64", `Bearer ${INSUFFICIENT}, claims="eyJhI"`, "not base64"],
  ["base64 of no UTF-8", `Bearer ${INSUFFICIENT}, claims="/////w=="`, "not base64"],
  ["base64 of no JSON", `Bearer ${INSUFFICIENT}, claims="aGVsbG8="`, "not a JSON object"],
  ["base64 of an array", `Bearer ${INSUFFICIENT}, claims="W10="`, "not a JSON object"],
  ["broken bare JSON", `Bearer ${INSUFFICIENT}, claims="{x"`, "not a JSON object"],
])("9 a claims challenge with %s is unreadable, not absent", (_form, header, reason) => {
  expect(parseClaimsChallenge(header)).toEqual({
    kind: "unreadable",
    reason: expect.stringContaining(reason),
  });
});

test("9 no header makes it throw", () => {
  const piece = fc.constantFrom(
    "Bearer",
    "claims",
    "error",
    "=",
    '"',
    "\\",
    ",",
    " ",
    "\n",
    BASE64,
  );
  const header = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece).map((p) => p.join("")),
  );
  fc.assert(
    fc.property(header, (text) => {
      expect(parseClaimsChallenge(text).kind).toMatch(/^(none|claims|unreadable)$/);
    }),
  );
});

test("9 any claims come through any encoding and company", () => {
  const claims = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue());
  const encoding = fc.constantFrom("base64", "base64url");
  const quote = fc.constantFrom('"', "");
  const before = fc.constantFrom("", 'PoP nonce="a, b", ', "Negotiate, ", 'Bearer realm="x", ');
  fc.assert(
    fc.property(claims, encoding, quote, before, (value, alphabet, q, company) => {
      const text = JSON.stringify(value);
      const encoded = Buffer.from(text).toString(alphabet);

      const challenge = parseClaimsChallenge(
        `${company}Bearer ${INSUFFICIENT}, claims=${q}${encoded}${q}`,
      );

      expect(challenge).toEqual({ kind: "claims", claims: text });
    }),
  );
});

test.each([['"'], ["\\"], ['"\\'], ["a "], ["a=,"], [" "], [","], ["é"]])(
  "9 a megabyte of %j is read without delay",
  (piece) => {
    const header = `Bearer a="${piece.repeat(1_000_000 / piece.length)}`;

    const start = process.cpuUsage();
    parseClaimsChallenge(header);

    expect(process.cpuUsage(start).user).toBeLessThan(4_000_000);
  },
);

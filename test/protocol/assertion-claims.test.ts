import fc from "fast-check";
import { expect, test } from "vitest";
import {
  assertionOutsideValidity,
  decodeAssertion,
  explainRefusal,
} from "../../src/protocol/assertion-claims.ts";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);
const MINUTE = 60_000;
const CLIENT = "11111111-2222-3333-4444-555555555555";
const TENANT_URL = "https://login.microsoftonline.com/tenant";
const REQUEST = { clientId: CLIENT, tokenEndpoint: `${TENANT_URL}/oauth2/v2.0/token` };
const GITHUB = "https://token.actions.githubusercontent.com";

function jwtOf(payload: unknown): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${encode({ alg: "RS256" })}.${encode(payload)}.c2ln`;
}

function refusalOf(payload: Record<string, unknown>): string | undefined {
  return explainRefusal(decodeAssertion(jwtOf(payload)) ?? { audience: [] }, REQUEST);
}

test("4.3 the claims of a JWT are read without its key", () => {
  const jwt = jwtOf({ iss: "i", sub: "s", aud: "a", exp: 1_767_268_800, nbf: 1_767_265_200 });

  expect(decodeAssertion(jwt)).toEqual({
    issuer: "i",
    subject: "s",
    audience: ["a"],
    expiresAtMs: NOW,
    notBeforeMs: NOW - 60 * MINUTE,
  });
});

test("4.3 an audience may be a list", () => {
  expect(decodeAssertion(jwtOf({ aud: ["a", 7, "b"] }))?.audience).toEqual(["a", "b"]);
});

test("4.3 claims of a foreign type are left out", () => {
  const jwt = jwtOf({ iss: 1, sub: {}, aud: null, exp: "soon", nbf: [] });

  expect(decodeAssertion(jwt)).toEqual({ audience: [] });
});

test.each([
  ["nothing", ""],
  ["an opaque string", "opaque"],
  ["two parts", "e30.e30"],
  ["an encrypted JWT of five parts", "e30.e30.e30.e30.e30"],
  ["a payload that is no base64", "e30.*.c2ln"],
  ["a payload that is no JSON", "e30.aGVsbG8.c2ln"],
  ["a payload that is no object", "e30.W10.c2ln"],
])("4.3 %s does not decode", (_what, jwt) => {
  expect(decodeAssertion(jwt)).toBeUndefined();
});

test("4.3 no string makes decoding throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (a, b) => {
      expect(() => decodeAssertion(`${a}.${b}.${a}`)).not.toThrow();
    }),
  );
});

test.each([
  ["expired just over 5 min ago", { expiresAtMs: NOW - 5 * MINUTE - 1 }, "expired 5 min ago"],
  ["expired an hour ago", { expiresAtMs: NOW - 60 * MINUTE }, "expired 60 min ago"],
  ["valid in just over 5 min", { notBeforeMs: NOW + 5 * MINUTE + 1 }, "becomes valid in 5 min"],
  ["valid in an hour", { notBeforeMs: NOW + 60 * MINUTE }, "becomes valid in 60 min"],
])("4.3 an assertion is outside its validity: %s", (_when, times, reason) => {
  expect(assertionOutsideValidity({ audience: [], ...times }, NOW)).toContain(reason);
});

test.each([
  ["without times", {}],
  ["expired 5 min ago", { expiresAtMs: NOW - 5 * MINUTE }],
  ["valid in 5 min", { notBeforeMs: NOW + 5 * MINUTE }],
  ["within both", { notBeforeMs: NOW - MINUTE, expiresAtMs: NOW + MINUTE }],
])("4.3 an assertion is worth sending: %s", (_when, times) => {
  expect(assertionOutsideValidity({ audience: [], ...times }, NOW)).toBeUndefined();
});

test.each([
  ["signed by the client", { iss: CLIENT, sub: CLIENT, aud: REQUEST.tokenEndpoint }],
  ["for the issuer of the tenant", { iss: CLIENT, sub: CLIENT, aud: `${TENANT_URL}/v2.0` }],
  ["in other cases", { iss: CLIENT, sub: CLIENT, aud: REQUEST.tokenEndpoint.toUpperCase() }],
  ["federated", { iss: GITHUB, sub: "repo:a/b", aud: "api://AzureADTokenExchange" }],
  ["federated in China", { iss: GITHUB, sub: "repo:a/b", aud: "api://AzureADTokenExchangeChina" }],
])("4.3 nothing looks wrong with an assertion that is %s", (_what, payload) => {
  expect(refusalOf(payload)).toBeUndefined();
});

test.each([
  [
    "an audience of another tenant",
    { iss: CLIENT, sub: CLIENT, aud: "https://login.microsoftonline.com/other/v2.0" },
    'aud is "https://login.microsoftonline.com/other/v2.0" instead of the token endpoint.',
  ],
  [
    "another issuer",
    { iss: "other", sub: CLIENT, aud: REQUEST.tokenEndpoint },
    'iss is "other" instead of the client id.',
  ],
  [
    "another subject",
    { iss: CLIENT, sub: "other", aud: REQUEST.tokenEndpoint },
    'sub is "other" instead of the client id.',
  ],
  [
    "no subject",
    { iss: CLIENT, aud: REQUEST.tokenEndpoint },
    "sub is missing instead of the client id.",
  ],
  [
    "a federated audience that is the default of GitHub",
    { iss: GITHUB, sub: "repo:a/b", aud: "https://github.com/octo" },
    'aud is "https://github.com/octo" instead of api://AzureADTokenExchange.',
  ],
  [
    "a federated issuer that is no URL",
    { iss: "kubernetes", sub: "sa", aud: "api://AzureADTokenExchange" },
    'iss is "kubernetes" instead of an issuer\'s URL.',
  ],
  [
    "the client as a federated issuer",
    { iss: CLIENT, sub: CLIENT, aud: "api://AzureADTokenExchange" },
    `iss is "${CLIENT}" instead of an issuer's URL.`,
  ],
  ["no federated subject", { iss: GITHUB, aud: "api://AzureADTokenExchange" }, "sub is missing."],
])("4.3 a refusal names %s, and that alone", (_what, payload, expected) => {
  expect(refusalOf(payload)).toBe(`The assertion looks wrong: ${expected}`);
});

test("4.3 a refusal names all that looks wrong", () => {
  expect(refusalOf({ iss: "a", sub: "b", aud: REQUEST.tokenEndpoint })).toBe(
    'The assertion looks wrong: iss is "a" instead of the client id; sub is "b" instead of the client id.',
  );
});

test("4.3 a refusal quotes no long value and no token", () => {
  const payload = { iss: "i".repeat(39).concat(" ").repeat(50), sub: jwtOf({}), aud: TENANT_URL };

  const sentence = refusalOf(payload) ?? "";

  expect([sentence.length < 300, sentence.includes("eyJ")]).toEqual([true, false]);
});

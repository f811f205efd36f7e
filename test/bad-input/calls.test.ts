import { describe, expect, test } from "vitest";
import { TenantNotAllowedError } from "../../src/index.ts";
import { credentialAgainst, OTHER_TENANT, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { call, expectNextCallFlies, expectUnavailable, peek, thrownBy } from "./expectations.ts";

type Row = readonly [name: string, parameters: readonly unknown[], message: RegExp];

const SCOPES: readonly Row[] = [
  ["none", [], /^scopes must be a string or an array of strings/],
  ["null", [null], /^scopes must be a string or an array of strings/],
  ["a number", [5], /^scopes must be a string or an array of strings/],
  ["an object", [{ scope: SCOPE }], /^scopes must be a string or an array of strings/],
  ["an array of numbers", [[5]], /^scopes must be a string or an array of strings/],
  ["null among scopes", [[SCOPE, null]], /^scopes must be a string or an array of strings/],
  ["an array in an array", [[[SCOPE]]], /^scopes must be a string or an array of strings/],
  ["an empty string", [""], /^scopes must name at least one scope/],
  ["blanks", [" \t\n"], /^scopes must name at least one scope/],
  ["an empty array", [[]], /^scopes must name at least one scope/],
  ["an array of an empty string", [[""]], /^scopes must name at least one scope/],
  ["an array of blanks", [["", " "]], /^scopes must name at least one scope/],
  ["a quote", ['https://a.example/"x"'], /^scopes must be printable ASCII/],
  ["a backslash", ["https://a.example\\x"], /^scopes must be printable ASCII/],
  ["an umlaut", ["https://ä.example/.default"], /^scopes must be printable ASCII/],
  ["a control character", ["a\u0000b"], /^scopes must be printable ASCII/],
  ["one bad scope among good ones", [[SCOPE, "ü"]], /^scopes must be printable ASCII.*"ü"/],
];

const CHOICES: readonly Row[] = [
  ["a number for tenantId", [SCOPE, { tenantId: 5 }], /^tenantId must be a string/],
  ["a path for tenantId", [SCOPE, { tenantId: "te/nant b" }], /^The tenantId of the call is not/],
  ["dots for tenantId", [SCOPE, { tenantId: ".." }], /^The tenantId of the call is not/],
  ["a blank for tenantId", [SCOPE, { tenantId: " " }], /^The tenantId of the call is not/],
  ["everybody's tenant", [SCOPE, { tenantId: "common" }], /^The tenantId of the call is 'common'/],
  ["text for enableCae", [SCOPE, { enableCae: "true" }], /^enableCae must be true or false/],
  ["an object for claims", [SCOPE, { claims: { a: 1 } }], /^claims must be a string/],
  ["true for claims", [SCOPE, { claims: true }], /^claims must be a string/],
  ["claims cut short", [SCOPE, { claims: '{"a":1' }], /not JSON at position 6/],
  ["claims without a name", [SCOPE, { claims: "{a:1}" }], /not JSON at position 1/],
  ["claims without a comma", [SCOPE, { claims: '{"a":1 "b":2}' }], /not JSON at position 7/],
  ["claims with too much", [SCOPE, { claims: '{"a":1}}' }], /not JSON at position 7/],
  ["claims in single quotes", [SCOPE, { claims: "{'a':1}" }], /not JSON at position 1/],
  ["claims of blanks", [SCOPE, { claims: "  " }], /not JSON at position 2/],
  ["an array for claims", [SCOPE, { claims: "[1]" }], /another JSON value starts at position 0/],
  ["null for claims", [SCOPE, { claims: "null" }], /another JSON value starts at position 0/],
  ["text in claims", [SCOPE, { claims: '"a"' }], /another JSON value starts at position 0/],
  ["a number in claims", [SCOPE, { claims: "5" }], /another JSON value starts at position 0/],
];

const WAYS: readonly Row[] = [
  ["a number for abortSignal", [SCOPE, { abortSignal: 5 }], /^abortSignal must be an AbortSignal/],
  ["true for abortSignal", [SCOPE, { abortSignal: true }], /^abortSignal must be an AbortSignal/],
  ["a controller", [SCOPE, { abortSignal: new AbortController() }], /^abortSignal must be/],
  ["a signal that is mute", [SCOPE, { abortSignal: { aborted: false } }], /^abortSignal must be/],
  ["a negative timeout", [SCOPE, timeout(-1)], /^requestOptions.timeout must be .*, not -1/],
  ["no number for timeout", [SCOPE, timeout(Number.NaN)], /^requestOptions.timeout .* not NaN/],
  ["text for timeout", [SCOPE, timeout("5s")], /^requestOptions.timeout .*type string/],
  ["an object for timeout", [SCOPE, timeout({ ms: 5 })], /^requestOptions.timeout .*type object/],
  [
    "a number for forceRefresh",
    [SCOPE, { forceRefresh: 1 }],
    /^forceRefresh must be true or false/,
  ],
  ["null for forceRefresh", [SCOPE, { forceRefresh: null }], /^forceRefresh must be .* not null/],
  ["a negative validity", [SCOPE, { minimumValidityMs: -1 }], /^minimumValidityMs .* not -1/],
  [
    "two days of validity",
    [SCOPE, { minimumValidityMs: 172_800_000 }],
    /^minimumValidityMs .*from 0 to/,
  ],
  ["text for validity", [SCOPE, { minimumValidityMs: "5" }], /^minimumValidityMs .*type string/],
  [
    "no number for validity",
    [SCOPE, { minimumValidityMs: Number.NaN }],
    /^minimumValidityMs .*NaN/,
  ],
];

function timeout(value: unknown): object {
  return { requestOptions: { timeout: value } };
}

describe.each([
  ["2.2 scopes", SCOPES],
  ["2.3, 3.4 what chooses the token", CHOICES],
  ["2.3 how to wait for it", WAYS],
])("%s that cannot be: the call rejects, nothing is sent, nothing is kept", (_group, rows) => {
  test.each(rows)("%s", async (_name, parameters, message) => {
    const entra = fakeEntra();
    const credential = credentialAgainst(entra, { additionallyAllowedTenants: ["*"] });

    const error = await rejection(call(credential, "getToken", parameters));
    const other = await rejection(call(credential, "getTokenInfo", parameters));

    expectUnavailable(error, message);
    expectUnavailable(other, message);
    expect(entra.requests).toEqual([]);
    await expectNextCallFlies(credential, entra);
  });

  test.each(rows)("%s: also when a good token is cached", async (_name, parameters, message) => {
    const entra = fakeEntra();
    const credential = credentialAgainst(entra, { additionallyAllowedTenants: ["*"] });
    const good = await credential.getToken(SCOPE);

    const error = await rejection(call(credential, "getToken", parameters));

    expectUnavailable(error, message);
    expect(entra.requests).toHaveLength(1);
    expect(credential.peek(SCOPE)).toBe(good);
  });
});

test.each([...SCOPES, ...CHOICES])("5.8 peek throws as getToken rejects: %s", (...row) => {
  const [, parameters, message] = row;
  const credential = credentialAgainst(fakeEntra(), { additionallyAllowedTenants: ["*"] });

  expectUnavailable(
    thrownBy(() => peek(credential, parameters)),
    message,
  );
});

describe("2.5 a tenant that is not allowed", () => {
  test.each([[[]], [["third.example"]], [[`x${OTHER_TENANT}`]]])(
    "rejects, naming tenant and option, and nothing is sent: allowed are %j",
    async (additionallyAllowedTenants) => {
      const entra = fakeEntra();
      const credential = credentialAgainst(entra, { additionallyAllowedTenants });

      const error = await rejection(credential.getToken(SCOPE, { tenantId: OTHER_TENANT }));

      const message = new RegExp(`'${OTHER_TENANT}'.*additionallyAllowedTenants`);
      expectUnavailable(error, message, TenantNotAllowedError, "ERR_TENANT_NOT_ALLOWED");
      expect(entra.requests).toEqual([]);
      await expectNextCallFlies(credential, entra);
    },
  );
});

test("1.1, 4.1 a wrong call asks nobody for an assertion", async () => {
  let asked = 0;
  const getAssertion = async () => `assertion-${++asked}`;
  const credential = credentialAgainst(fakeEntra(), { getAssertion });

  for (const [, parameters] of [...SCOPES, ...CHOICES, ...WAYS]) {
    await rejection(call(credential, "getToken", parameters));
  }

  expect(asked).toBe(0);
});

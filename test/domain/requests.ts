import fc from "fast-check";
import { parseAuthority } from "../../src/domain/authority.ts";
import { parseClaims } from "../../src/domain/claims.ts";
import { parseScopes } from "../../src/domain/scopes.ts";
import { parseTenant } from "../../src/domain/tenant.ts";
import type { TokenRequest } from "../../src/domain/token-request.ts";

/** What a caller asks for, in the caller's own words. */
export interface Asked {
  readonly scopes: readonly string[];
  readonly tenant: string;
  readonly cae: boolean;
  readonly claims: string | undefined;
}

export const OWN_TENANT = "own.example";

const CLIENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
const AUTHORITY = parseAuthority("login.example", {
  source: "a test",
  allowInsecureLoopback: false,
});

/** The request as a credential of `OWN_TENANT` makes it. */
export function requestFor({ scopes, tenant, cae, claims }: Asked): TokenRequest {
  const tenantId = parseTenant(tenant);
  return {
    authority: AUTHORITY,
    clientId: CLIENT,
    tenantId,
    scopes: parseScopes(scopes),
    claims: parseClaims(claims, cae),
    cae,
    ownTenant: tenantId === OWN_TENANT,
  };
}

// Words that also stand in keys, so that one field may try to pass for another.
const scope = fc.oneof(
  fc.constantFrom("a", "b", "cae", "{}", AUTHORITY, CLIENT, OWN_TENANT, "other.example", "a\nb"),
  fc.string({ unit: fc.constantFrom("a", "/", ":", ".", "~", "\n"), minLength: 1, maxLength: 6 }),
);

const member = fc.constantFrom("a", "b", "1", "__proto__", "access_token", "xms_cc", "a\nb");

/** JSON objects of claims with few names, so that two of them are often alike. */
export const claimsObjects: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  object: fc
    .uniqueArray(fc.tuple(member, tie("value")), { maxLength: 3, selector: ([name]) => name })
    .map((members) => parsed(members)),
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, 0, 1, "", "a", "\n"),
    fc.array(tie("value"), { maxLength: 2 }),
    tie("object"),
  ),
})).object;

/** Anything a caller may ask for with at least one scope. */
export const asked: fc.Arbitrary<Asked> = fc.record({
  scopes: fc
    .array(scope, { minLength: 1, maxLength: 3 })
    .filter((scopes) => scopes.join("").trim() !== ""),
  tenant: fc.constantFrom(OWN_TENANT, OWN_TENANT.toUpperCase(), "other.example", "a", "cae"),
  cae: fc.boolean(),
  claims: fc.option(
    claimsObjects.map((value) => JSON.stringify(value)),
    { nil: undefined },
  ),
});

// As JSON.parse makes an object, so that a member called __proto__ is a member.
function parsed(members: readonly (readonly [string, unknown])[]): unknown {
  const texts = members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return JSON.parse(`{${texts.join(",")}}`);
}

import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAuthority } from "../../src/domain/authority.ts";
import { cacheKey, claimlessKey, isPlain } from "../../src/domain/cache-key.ts";
import { type AcquisitionOptions, AzureAuthorityHosts } from "../../src/index.ts";
import {
  CLIENT,
  credentialAgainst,
  OTHER_SCOPE,
  OTHER_TENANT,
  SCOPE,
  TENANT,
} from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { type Asked, asked, OWN_TENANT, requestFor } from "./requests.ts";

const PUBLIC_CLOUD = parseAuthority(AzureAuthorityHosts.AzurePublicCloud, {
  source: "a test",
  allowInsecureLoopback: false,
});

function wordsOf({ scopes }: Asked): ReadonlySet<string> {
  return new Set(scopes.flatMap((scope) => scope.split(/\s+/)).filter((word) => word !== ""));
}

function claimsOf({ claims }: Asked): unknown {
  return claims === undefined ? undefined : JSON.parse(claims);
}

function wantSameToken(one: Asked, other: Asked): boolean {
  return (
    one.tenant.toLowerCase() === other.tenant.toLowerCase() &&
    one.cae === other.cae &&
    isDeepStrictEqual(wordsOf(one), wordsOf(other)) &&
    isDeepStrictEqual(claimsOf(one), claimsOf(other))
  );
}

function keyOf(words: Asked): string {
  return cacheKey(requestFor(words));
}

test("5.1 two requests share a key exactly if they differ in no field", () => {
  fc.assert(
    fc.property(asked, asked, (one, other) => {
      expect(keyOf(one) === keyOf(other)).toBe(wantSameToken(one, other));
    }),
    { numRuns: 3_000 },
  );
});

test("5.1 one changed field is another key", () => {
  fc.assert(
    fc.property(
      asked,
      asked,
      fc.constantFrom("scopes", "tenant", "cae", "claims"),
      (one, two, field) => {
        const changed = { ...one, [field]: two[field] };

        expect(keyOf(changed) === keyOf(one)).toBe(wantSameToken(changed, one));
      },
    ),
    { numRuns: 2_000 },
  );
});

test("5.1 order, duplicates and white space of scopes, the tenant's case and the order of claims make no other key", () => {
  fc.assert(
    fc.property(asked, (words) => {
      const retold = {
        ...words,
        scopes: [...words.scopes.toReversed(), ...words.scopes].map((scope) => ` ${scope}\t`),
        tenant: words.tenant.toUpperCase(),
        claims: reordered(words.claims),
      };

      expect(keyOf(retold)).toBe(keyOf(words));
    }),
  );
});

test("5.1 the key of a plain request is its scopes, of any other it holds line feeds", () => {
  fc.assert(
    fc.property(asked, (words) => {
      const request = requestFor(words);

      const key = cacheKey(request);

      expect(isPlain(request)).toBe(!key.includes("\n"));
      expect(isPlain(request)).toBe(
        words.tenant.toLowerCase() === OWN_TENANT && !words.cae && words.claims === undefined,
      );
      if (isPlain(request)) expect(key).toBe(request.scopes.join(" "));
    }),
  );
});

test("5.6 the claimless key is that of the same request without claims", () => {
  fc.assert(
    fc.property(asked, (words) => {
      expect(claimlessKey(requestFor(words))).toBe(keyOf({ ...words, claims: undefined }));
    }),
  );
});

test.each<[string, AcquisitionOptions]>([
  ["another tenant", { tenantId: OTHER_TENANT }],
  ["a CAE token", { enableCae: true }],
  ["a CAE token of another tenant", { tenantId: OTHER_TENANT, enableCae: true }],
  ["the answer of a challenge", { claims: '{"a":1}' }],
])("5.1 a scope that spells out the key of %s does not reach its slot", async (_slot, options) => {
  const entra = fakeEntra().issues("not-for-you").issues("own");
  const credential = credentialAgainst(entra, { additionallyAllowedTenants: ["*"] });
  await credential.getToken(SCOPE, options);
  const { tenantId: tenant = TENANT, enableCae: cae = false, claims } = options;
  const crafted = cacheKey({
    ...requestFor({ scopes: [SCOPE], tenant, cae, claims }),
    authority: PUBLIC_CLOUD,
    ownTenant: tenant === TENANT,
  });

  const answer = await credential.getToken(crafted).catch((error: unknown) => error);

  expect(crafted).toContain("\n");
  expect(answer).not.toMatchObject({ token: "not-for-you" });
  for (const { url } of entra.requests.slice(1)) expect(url).toContain(`/${TENANT}/`);
});

test("5.1 no scope string whatever is answered from another tenant's slot", async () => {
  const entra = fakeEntra().issues("not-for-you").issues("own");
  const credential = credentialAgainst(entra, { additionallyAllowedTenants: ["*"] });
  await credential.getToken(SCOPE, { tenantId: OTHER_TENANT });
  const piece = fc.constantFrom(
    ...[
      "\n",
      " ",
      "cae",
      SCOPE,
      OTHER_SCOPE,
      CLIENT,
      OTHER_TENANT,
      "https://login.microsoftonline.com",
    ],
  );

  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 10 }), async (pieces) => {
      const scopes = pieces.join("");
      const answer =
        scopes.trim() === "" ? rejection(credential.getToken(scopes)) : credential.getToken(scopes);

      expect(await answer).not.toMatchObject({ token: "not-for-you" });
    }),
  );
});

function reordered(claims: string | undefined): string | undefined {
  return claims === undefined ? undefined : JSON.stringify(reversed(JSON.parse(claims)));
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const result: Record<string, unknown> = Object.create(null);
  for (const [name, member] of Object.entries(value).reverse()) result[name] = reversed(member);
  return result;
}

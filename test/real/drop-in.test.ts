import type { TokenCredential } from "@azure/core-auth";
import {
  ClientAssertionCredential as Incumbent,
  type ClientAssertionCredentialOptions as IncumbentOptions,
} from "@azure/identity";
import { decodeJwt } from "jose";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  ClientAssertionCredential,
  type ClientAssertionCredentialOptions,
} from "../../src/index.ts";
import { CLIENT, TENANT } from "../support/credentials.ts";
import { rejection } from "../support/rejection.ts";
import { type Entra, localEntra } from "./support/entra.ts";

const SCOPE = "https://vault.azure.net/.default";
const ISSUER = "https://sts.windows.net/{tenantid}/";

/** What both classes can be called as. */
type Class = new (
  tenantId: string,
  clientId: string,
  getAssertion: () => Promise<string>,
  options: IncumbentOptions & ClientAssertionCredentialOptions,
) => TokenCredential;

const CLASSES: readonly [name: string, class_: Class][] = [
  ["@azure/identity", Incumbent],
  ["affiant", ClientAssertionCredential],
];

describe.each(CLASSES)("the ClientAssertionCredential of %s", (_name, Credential) => {
  test("gets a token for the audience, tenant and application asked for", async () => {
    const entra = await localEntra({ issuer: ISSUER });
    const credential = against(entra, Credential);

    const token = await credential.getToken(SCOPE);

    const { aud, tid, appid } = decodeJwt(token?.token ?? "");
    expect({ aud, tid, appid }).toEqual({
      aud: "https://vault.azure.net",
      tid: TENANT,
      appid: CLIENT,
    });
    expect(token?.tokenType).toBe("Bearer");
  });

  test("tells when the token expires, in milliseconds", async () => {
    const entra = await localEntra({ accessTokenLifetimeS: 1_800 });
    const credential = against(entra, Credential);

    const token = await credential.getToken([SCOPE]);

    const leftMs = (token?.expiresOnTimestamp ?? 0) - Date.now();
    expect(leftMs).toBeGreaterThan(1_790_000);
    // The incumbent counts in whole seconds and rounds up.
    expect(leftMs).toBeLessThanOrEqual(1_801_000);
  });

  test("names the authority's reason when it refuses", async () => {
    const entra = await localEntra();
    entra.authority.removeClient(CLIENT);

    const error = await rejection(against(entra, Credential).getToken(SCOPE));

    expect(String(error)).toContain("AADSTS700016");
  });

  test("refuses a tenant that is not allowed, without a request", async () => {
    const entra = await localEntra();
    const credential = against(entra, Credential);

    const error = await rejection(credential.getToken(SCOPE, { tenantId: "another-tenant" }));

    expect(error).toMatchObject({ name: "CredentialUnavailableError" });
    expect(String(error)).toMatch(/additionallyAllowedTenants/i);
    expect(entra.authority.requestCount).toBe(0);
  });
});

test("the class takes the arguments of the incumbent and is a TokenCredential", () => {
  type Arguments = ConstructorParameters<typeof ClientAssertionCredential>;

  expectTypeOf<ConstructorParameters<typeof Incumbent>>().toExtend<Arguments>();
  expectTypeOf<IncumbentOptions>().toExtend<ClientAssertionCredentialOptions>();
  expectTypeOf<ClientAssertionCredential>().toExtend<TokenCredential>();
  expectTypeOf<ClientAssertionCredential>().toExtend<Pick<Incumbent, "getToken">>();
});

test("10,000 cold callers of ours share one POST and one assertion", async () => {
  const entra = await localEntra();
  const credential = against(entra, ClientAssertionCredential);

  const tokens = await Promise.all(calls(10_000, credential));

  expect(new Set(tokens).size).toBe(1);
  expect(entra.authority.requestCount).toBe(1);
  expect(entra.assertions()).toBe(1);
});

test("50 cold callers of the incumbent make 50 POSTs and 100 assertions", async () => {
  const entra = await localEntra();
  const credential = against(entra, Incumbent);

  const tokens = await Promise.all(calls(50, credential));

  expect(new Set(tokens).size).toBe(50);
  expect(entra.authority.requestCount).toBe(50);
  expect(entra.assertions()).toBe(100);
});

// [class, assertion calls of one hit, what an abort does, what claims that are no JSON do]
test.each([
  ["@azure/identity", Incumbent, 2, "is ignored", "are dropped"],
  ["affiant", ClientAssertionCredential, 0, "rejects", "reject"],
] as const)(
  "%s: assertion calls of a hit, an abort, bad claims: as the README compares them",
  async (_, Credential, assertionsOfAHit, abort, badClaims) => {
    const entra = await localEntra();
    const credential = against(entra, Credential);
    await credential.getToken(SCOPE);
    const before = entra.assertions();

    await credential.getToken(SCOPE);

    expect(entra.assertions() - before).toBe(assertionsOfAHit);
    expect(entra.authority.requestCount).toBe(1);
    const aborted = credential.getToken("other/.default", { abortSignal: AbortSignal.abort() });
    expect(
      await aborted.then(
        () => "is ignored",
        () => "rejects",
      ),
    ).toBe(abort);
    const claimed = credential.getToken(SCOPE, { claims: "{" });
    expect(
      await claimed.then(
        () => "are dropped",
        () => "reject",
      ),
    ).toBe(badClaims);
  },
);

function against({ authority, certificate, sign }: Entra, Credential: Class): TokenCredential {
  return new Credential(TENANT, CLIENT, sign, {
    authorityHost: authority.url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: certificate },
  });
}

function calls(count: number, credential: TokenCredential): Promise<string | undefined>[] {
  return Array.from({ length: count }, async () => (await credential.getToken(SCOPE))?.token);
}

import { expect, onTestFinished, test, vi } from "vitest";
import { ClientAssertionCredential, TenantNotAllowedError } from "../../src/index.ts";
import { CLIENT, credentialAgainst, OTHER_TENANT, SCOPE, TENANT } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";

function tenantsAsked(entra: ReturnType<typeof fakeEntra>): readonly (string | undefined)[] {
  return entra.requests.map(({ url }) => new URL(url).pathname.split("/")[1]);
}

test("1.6 a call may name the tenants of the list, whatever their case", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, { additionallyAllowedTenants: ["Fabrikam.Example"] });

  await credential.getToken(SCOPE, { tenantId: "FABRIKAM.example" });
  await credential.getToken(SCOPE, { tenantId: "fabrikam.example" });

  expect(tenantsAsked(entra)).toEqual(["fabrikam.example"]);
});

test("1.6 a star anywhere in the list allows any tenant", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, { additionallyAllowedTenants: ["a.example", "*"] });

  await credential.getToken(SCOPE, { tenantId: OTHER_TENANT });

  expect(tenantsAsked(entra)).toEqual([OTHER_TENANT]);
});

test("2.5 the configured tenant is asked by default, and by its own name in any case", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);

  await credential.getToken(SCOPE);
  await credential.getToken(SCOPE, { tenantId: TENANT.toUpperCase() });

  expect(tenantsAsked(entra)).toEqual([TENANT]);
});

test("2.5 a tenant that is not allowed is refused before anything happens", async () => {
  const entra = fakeEntra();
  const getAssertion = vi.fn(async () => "an-assertion");
  const credential = credentialAgainst(entra, { getAssertion });

  const error = await rejection(credential.getToken(SCOPE, { tenantId: OTHER_TENANT }));

  expect(error).toBeInstanceOf(TenantNotAllowedError);
  expect(error).toMatchObject({
    name: "CredentialUnavailableError",
    code: "ERR_TENANT_NOT_ALLOWED",
    message: expect.stringMatching(`${OTHER_TENANT}.*additionallyAllowedTenants`),
  });
  expect(getAssertion).not.toHaveBeenCalled();
  expect(entra.requests).toHaveLength(0);
});

test("2.5 with multi-tenant authentication disabled the configured tenant is asked", async () => {
  vi.stubEnv("AZURE_IDENTITY_DISABLE_MULTITENANTAUTH", "1");
  onTestFinished(() => void vi.unstubAllEnvs());
  const entra = fakeEntra();

  await credentialAgainst(entra).getToken(SCOPE, { tenantId: OTHER_TENANT });

  expect(tenantsAsked(entra)).toEqual([TENANT]);
});

test("2.5 AD FS is asked whatever tenant a call names", async () => {
  const entra = fakeEntra();
  const credential = new ClientAssertionCredential("adfs", CLIENT, () => "an-assertion", {
    authorityHost: "fs.contoso.example",
    transport: entra,
  });

  await credential.getToken(SCOPE, { tenantId: OTHER_TENANT });

  expect(entra.requests[0]?.url).toBe("https://fs.contoso.example/adfs/oauth2/token");
});

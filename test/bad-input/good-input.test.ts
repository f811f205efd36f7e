import { afterEach, describe, expect, test, vi } from "vitest";
import { AzureAuthorityHosts } from "../../src/index.ts";
import { CLIENT, credentialAgainst, OTHER_TENANT, SCOPE, TENANT } from "../support/credentials.ts";
import { fakeEntra, type Grant } from "../support/fake-entra.ts";
import { call, construct } from "./expectations.ts";

// What looks odd and must be taken all the same.

const PUBLIC = "https://login.microsoftonline.com";
const PATH = `/${TENANT}/oauth2/v2.0/token`;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

/** The URL that a call of a credential with these options asks. */
async function urlAsked(options: object, told: unknown = {}): Promise<string | undefined> {
  const entra = fakeEntra();
  await call(credentialAgainst(entra, options), "getToken", [SCOPE, told]);
  return entra.requests[0]?.url;
}

describe("1.3 an authority is taken as", () => {
  test.each([
    ["nothing", {}, PUBLIC],
    ["a bare host", { authorityHost: "login.example" }, "https://login.example"],
    ["a URL", { authorityHost: "https://login.example" }, "https://login.example"],
    ["a URL with slashes", { authorityHost: "https://login.example//" }, "https://login.example"],
    ["a host among blanks", { authorityHost: " login.example\t" }, "https://login.example"],
    ["upper case", { authorityHost: "HTTPS://LOGIN.EXAMPLE" }, "https://login.example"],
    ["a host with a port", { authorityHost: "login.example:8443/" }, "https://login.example:8443"],
    ["the port of https", { authorityHost: "https://login.example:443" }, "https://login.example"],
    ["Python's name for it", { authority: "login.example" }, "https://login.example"],
    ["two names", { authorityHost: "a.example", authority: "b.example" }, "https://a.example"],
    [
      "US Government",
      { authorityHost: AzureAuthorityHosts.AzureGovernment },
      "https://login.microsoftonline.us",
    ],
    ["China", { authorityHost: AzureAuthorityHosts.AzureChina }, "https://login.chinacloudapi.cn"],
    ["the public cloud", { authorityHost: AzureAuthorityHosts.AzurePublicCloud }, PUBLIC],
    [
      "plain http to this machine",
      { authorityHost: "http://127.0.0.1:8080", unsafeAllowInsecureLoopback: true },
      "http://127.0.0.1:8080",
    ],
  ])("%s", async (_case, options, origin) => {
    expect(await urlAsked(options)).toBe(origin + PATH);
  });

  test.each([
    ["login.example", "https://login.example"],
    ["https://login.microsoftonline.us/", "https://login.microsoftonline.us"],
    ["", PUBLIC],
  ])("the environment says: %j", async (host, origin) => {
    vi.stubEnv("AZURE_AUTHORITY_HOST", host);

    expect(await urlAsked({})).toBe(origin + PATH);
  });

  test.each([["authorityHost"], ["authority"]])(
    "an explicit %s, whatever the environment says",
    async (option) => {
      vi.stubEnv("AZURE_AUTHORITY_HOST", "ftp://not/an/authority");

      expect(await urlAsked({ [option]: "login.example" })).toBe(`https://login.example${PATH}`);
    },
  );
});

describe("1.2, 1.4 a tenant is taken as", () => {
  test.each([
    ["a GUID", TENANT, `/${TENANT}/oauth2/v2.0/token`],
    ["a domain", "contoso.onmicrosoft.com", "/contoso.onmicrosoft.com/oauth2/v2.0/token"],
    ["upper case", "CONTOSO.Example", "/contoso.example/oauth2/v2.0/token"],
    ["one letter", "a", "/a/oauth2/v2.0/token"],
    ["AD FS", "adfs", "/adfs/oauth2/token"],
    ["AD FS in upper case", "ADFS", "/adfs/oauth2/token"],
  ])("%s", async (_case, tenant, path) => {
    const entra = fakeEntra();
    const credential = construct(tenant, CLIENT, () => "a", { transport: entra });

    await credential.getToken(SCOPE);

    expect(entra.requests[0]?.url).toBe(PUBLIC + path);
    await credential.close();
  });
});

describe("1.6, 2.5 a call asks", () => {
  const upper = "CONTOSO.EXAMPLE";
  const contoso = "contoso.example";
  test.each([
    ["the own tenant", [], { tenantId: TENANT.toUpperCase() }, TENANT],
    ["the own tenant for an empty one", [], { tenantId: "" }, TENANT],
    ["the own tenant for none", [], { tenantId: undefined }, TENANT],
    ["an allowed tenant", [OTHER_TENANT], { tenantId: OTHER_TENANT }, OTHER_TENANT],
    ["a tenant allowed in upper case", [upper], { tenantId: contoso }, contoso],
    ["a tenant asked in upper case", [contoso], { tenantId: upper }, contoso],
    ["any tenant with *", ["*"], { tenantId: contoso }, contoso],
    ["any tenant with * among others", ["a", "*", "b"], { tenantId: contoso }, contoso],
  ])("%s: %j, %j", async (_case, additionallyAllowedTenants, told, tenant) => {
    const url = await urlAsked({ additionallyAllowedTenants }, told);

    expect(url).toBe(`${PUBLIC}/${tenant}/oauth2/v2.0/token`);
  });

  test("the own tenant, when the environment switches others off", async () => {
    vi.stubEnv("AZURE_IDENTITY_DISABLE_MULTITENANTAUTH", "1");

    const url = await urlAsked({ additionallyAllowedTenants: ["*"] }, { tenantId: OTHER_TENANT });

    expect(url).toBe(PUBLIC + PATH);
  });
});

describe("2.2 scopes may come", () => {
  test.each<[string, string | string[]]>([
    ["as one string", "a/x b/y"],
    ["as an array", ["a/x", "b/y"]],
    ["in another order", ["b/y", "a/x"]],
    ["twice", "b/y a/x b/y"],
    ["between blanks", "  a/x \t\n b/y "],
    ["with blanks inside an element", ["b/y a/x"]],
    ["beside empty elements", ["", "a/x", " ", "b/y"]],
    ["with other white space", "a/x\u00a0b/y"],
  ])("%s: one request, and all of them are the same", async (_case, scopes) => {
    const entra = fakeEntra();
    const credential = credentialAgainst(entra);

    const token = await credential.getToken(scopes);

    expect(entra.requests[0]?.form.get("scope")).toBe("a/x b/y");
    expect(await credential.getToken("a/x b/y")).toBe(token);
    expect(await credential.getToken(scopes)).toBe(token);
    expect(entra.requests).toHaveLength(1);
  });
});

test.each<[string, unknown]>([
  ["null for the options", null],
  ["empty claims", { claims: "" }],
  ["null where nothing is meant", { claims: null, tenantId: null, abortSignal: null }],
  ["null for groups", { requestOptions: null, tracingOptions: null }],
  ["no timeout", { requestOptions: { timeout: 0 } }],
  ["an endless timeout", { requestOptions: { timeout: Number.POSITIVE_INFINITY } }],
  ["options of others", { proofOfPossession: false, correlationId: "x", extra: {} }],
])("2.3 a call may come with %s", async (_case, options) => {
  expect(await urlAsked({}, options)).toBe(PUBLIC + PATH);
});

test.each<[string, Grant, number]>([
  ["a digit string", { expires_in: "1800" }, 1_800],
  ["expires_on when there is no expires_in", { expires_on: 1_800, expires_in: "" }, 1_800],
  ["a refresh_in beyond the lifetime", { expires_in: 1_800, refresh_in: 9_999 }, 1_800],
  ["a negative refresh_in", { expires_in: 1_800, refresh_in: -1 }, 1_800],
  ["a type in another case", { expires_in: 1_800, token_type: "bEaReR" }, 1_800],
  ["ext_expires_in and whatever else", { expires_in: 1_800, ext_expires_in: 1, x: {} }, 1_800],
])("3.6 an answer may come with %s", async (_case, grant, lifetimeS) => {
  vi.useFakeTimers({ now: 0 });
  const entra = fakeEntra().issues("a-token", grant);

  const token = await credentialAgainst(entra).getToken(SCOPE);

  expect(token).toMatchObject({ token: "a-token", tokenType: "Bearer" });
  expect(token.expiresOnTimestamp).toBe(lifetimeS * 1_000);
});

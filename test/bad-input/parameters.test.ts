import { afterEach, describe, expect, test, vi } from "vitest";
import { StorageUnavailableError } from "../../src/index.ts";
import { CLIENT, TENANT } from "../support/credentials.ts";
import { construct, constructWith, expectUnavailable, thrownBy } from "./expectations.ts";

const sign = async () => "an-assertion";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("1.1 a parameter that is missing or wrong is named", () => {
  test.each<[string, readonly unknown[], RegExp]>([
    [
      "all missing: the tenant comes first",
      [],
      /parameter tenantId is missing or wrong.*non-empty string/,
    ],
    ["an empty tenant", ["", CLIENT, sign], /parameter tenantId/],
    ["null for the tenant", [null, CLIENT, sign], /parameter tenantId/],
    ["a number for the tenant", [5, CLIENT, sign], /parameter tenantId/],
    ["options for the tenant", [{ tenantId: TENANT }], /parameter tenantId/],
    ["tenant and client missing", [undefined, undefined, sign], /parameter tenantId/],
    ["client and assertion missing: the client comes next", [TENANT], /parameter clientId/],
    ["an empty client", [TENANT, "", sign], /parameter clientId/],
    ["an object for the client", [TENANT, {}, sign], /parameter clientId/],
    ["the assertion missing", [TENANT, CLIENT], /parameter getAssertion.*a function/],
    ["the assertion itself", [TENANT, CLIENT, "eyJ.eyJ.x"], /parameter getAssertion/],
    [
      "an object for the assertion",
      [TENANT, CLIENT, { getAssertion: sign }],
      /parameter getAssertion/,
    ],
    ["null for the assertion", [TENANT, CLIENT, null], /parameter getAssertion/],
    ["null for the options", [TENANT, CLIENT, sign, null], /options must be an object, not null/],
    [
      "an array for the options",
      [TENANT, CLIENT, sign, []],
      /options must be an object, not an array/,
    ],
    [
      "text for the options",
      [TENANT, CLIENT, sign, "x"],
      /options must be an object, not .*string/,
    ],
  ])("%s", (_case, parameters, message) => {
    expectUnavailable(
      thrownBy(() => construct(...parameters)),
      message,
    );
  });

  test("and an assertion given by mistake is not quoted", () => {
    const error = thrownBy(() => construct(TENANT, CLIENT, "my-secret-assertion"));

    expect(String(error)).not.toContain("my-secret-assertion");
  });
});

describe("1.2 a tenant that is none is refused at construction", () => {
  test.each<[string, RegExp]>([
    ["te/nant b", /tenantId is not a tenant id or domain name/],
    ["../common", /tenantId is not/],
    ["..", /tenantId is not/],
    ["a..b", /tenantId is not/],
    ["contoso.", /tenantId is not/],
    ["-contoso", /tenantId is not/],
    [" ", /tenantId is missing or wrong/],
    [`${TENANT}\n`, /tenantId is not/],
    ["contoso?x=1", /tenantId is not/],
    ["contoso#x", /tenantId is not/],
    ["contoso%2e", /tenantId is not/],
    ["contöso", /tenantId is not/],
    ["a".repeat(254), /tenantId is not/],
    ["common", /tenantId is 'common', which cannot serve client credentials/],
    ["Organizations", /tenantId is 'organizations', which cannot/],
    ["CONSUMERS", /tenantId is 'consumers', which cannot/],
  ])("%j", (tenant, message) => {
    expectUnavailable(
      thrownBy(() => construct(tenant, CLIENT, sign)),
      message,
    );
  });
});

const BAD_AUTHORITIES: readonly (readonly [unknown, RegExp])[] = [
  [5, /must be a string, not a value of type number/],
  [null, /must be a string, not null/],
  [["https://a.example"], /must be a string, not an array/],
  ["", /it is empty/],
  ["  ", /it is empty/],
  ["https://", /is not a host or URL/],
  ["login.example:99999", /is not a host or URL/],
  ["login example", /a blank or a backslash/],
  ["https:\\\\login.example", /a blank or a backslash/],
  ["http://login.example", /plain http would send the assertion in clear/],
  ["ftp://login.example", /its scheme is ftp/],
  ["wss://login.example", /its scheme is wss/],
  ["file:///etc/passwd", /only https|names no host|has a path/],
  ["https://me@login.example", /a user or password/],
  ["https://me:secret@login.example", /a user or password/],
  ["https://login.example?a=b", /has a query/],
  ["https://login.example/?", /has a query/],
  ["https://login.example#a", /has a fragment/],
  ["https://login.example/tenant", /has a path/],
  ["login.example/tenant/", /has a path/],
];

describe("1.3 an authority that is none is refused, naming the option", () => {
  test.each(BAD_AUTHORITIES)("%j", (authorityHost, reason) => {
    const error = thrownBy(() => constructWith({ authorityHost }));

    expectUnavailable(error, /^authorityHost cannot be used as an authority/);
    expectUnavailable(error, reason);
    expect(String(error)).not.toContain("secret");
  });

  test("also under its other name", () => {
    const error = thrownBy(() => constructWith({ authority: "http://login.example" }));

    expectUnavailable(error, /^authority cannot be used/);
  });

  test.each([
    ["http://localhost:8080", {}],
    ["http://login.example", { unsafeAllowInsecureLoopback: true }],
  ])("plain http: %s with %j", (authorityHost, options) => {
    expectUnavailable(
      thrownBy(() => constructWith({ authorityHost, ...options })),
      /plain http/,
    );
  });

  test.each([
    ["http://login.example", /plain http/],
    ["https://login.example/tenant", /has a path/],
    ["  ", /it is empty/],
    ["ftp://login.example", /its scheme is ftp/],
  ])("from the environment: %j", (host, reason) => {
    vi.stubEnv("AZURE_AUTHORITY_HOST", host);

    const error = thrownBy(() => constructWith({}));

    expectUnavailable(error, /^The environment's AZURE_AUTHORITY_HOST/);
    expectUnavailable(error, reason);
  });
});

test("7 asking for persistence says that there is none", () => {
  const error = thrownBy(() => constructWith({ tokenCachePersistenceOptions: { enabled: true } }));

  expectUnavailable(
    error,
    /tokenCachePersistenceOptions/,
    StorageUnavailableError,
    "ERR_STORAGE_UNAVAILABLE",
  );
});

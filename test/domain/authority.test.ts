import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AzureAuthorityHosts,
  parseAuthority,
  tokenEndpointUrl,
} from "../../src/domain/authority.ts";
import { ConfigurationError } from "../../src/domain/errors.ts";
import { parseTenant } from "../../src/domain/tenant.ts";

const strict = { source: "authorityHost", allowInsecureLoopback: false };
const lenient = { source: "authorityHost", allowInsecureLoopback: true };

test.each([
  ["login.example", "https://login.example"],
  ["LOGIN.Example", "https://login.example"],
  ["  login.example\n", "https://login.example"],
  ["login.example/", "https://login.example"],
  ["login.example///", "https://login.example"],
  ["login.example:8443", "https://login.example:8443"],
  ["login.example:443", "https://login.example"],
  ["https://login.example", "https://login.example"],
  ["HTTPS://LOGIN.EXAMPLE/", "https://login.example"],
  [" https://login.example:8443// ", "https://login.example:8443"],
  ["10.1.2.3", "https://10.1.2.3"],
  ["[::1]:8443", "https://[::1]:8443"],
  ["localhost", "https://localhost"],
  ["adfs.contoso.example", "https://adfs.contoso.example"],
])("1.3 %j is the authority %s", (text, expected) => {
  expect(parseAuthority(text, strict)).toBe(expected);
});

test.each([
  ["http://localhost:8080", "http://localhost:8080"],
  ["http://127.0.0.1:8080/", "http://127.0.0.1:8080"],
  ["http://127.1.2.3", "http://127.1.2.3"],
  ["http://[::1]:8080", "http://[::1]:8080"],
])(
  "1.3 with the unsafe option, and only so, a loopback address may be plain: %s",
  (text, expected) => {
    expect(parseAuthority(text, lenient)).toBe(expected);
    expect(() => parseAuthority(text, strict)).toThrow(/unsafeAllowInsecureLoopback/);
  },
);

test.each([
  ["http://login.example"],
  ["http://10.0.0.1"],
  ["http://localhost.evil.example"],
  ["http://127.0.0.1.evil.example"],
  ["http://0.0.0.0"],
])("1.3 any other plain authority is refused even then: %s", (text) => {
  expect(() => parseAuthority(text, lenient)).toThrow(/plain http/);
});

test("1.3 whatever is taken is an origin: no path, query, user or trailing slash is left", () => {
  const part = fc.constantFrom(
    "https://",
    "login.example",
    "/",
    ":",
    "8443",
    "?",
    "#",
    "@",
    "a",
    "\\",
    " ",
  );
  const text = fc.oneof(
    fc.webUrl(),
    fc.string(),
    fc.array(part).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (given) => {
      const authority = takenOrNone(given);
      fc.pre(authority !== undefined);

      expect(new URL(authority).origin).toBe(authority);
      expect(authority).toMatch(/^https:\/\/[^/?#@\\\s]+$/);
    }),
    { numRuns: 1_000, maxSkipsPerRun: 1_000 },
  );
});

test("1.3 the error names where the value came from and shows nothing of a password", () => {
  const read = () => parseAuthority("https://me:secret@login.example", { ...strict, source: "X" });

  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(/^X cannot be used as an authority: it holds a user or password\.$/);
});

describe("1.4 the token endpoint", () => {
  const authority = parseAuthority("login.example:8443", strict);

  test("is built from authority and tenant", () => {
    expect(tokenEndpointUrl(authority, parseTenant("Contoso.Example"))).toBe(
      "https://login.example:8443/contoso.example/oauth2/v2.0/token",
    );
  });

  test("of AD FS has a path of its own", () => {
    expect(tokenEndpointUrl(authority, parseTenant("ADFS"))).toBe(
      "https://login.example:8443/adfs/oauth2/token",
    );
  });
});

test("1.3 the clouds of Microsoft are named, and the list is frozen", () => {
  expect(AzureAuthorityHosts).toEqual({
    AzurePublicCloud: "https://login.microsoftonline.com",
    AzureGovernment: "https://login.microsoftonline.us",
    AzureChina: "https://login.chinacloudapi.cn",
  });
  expect(Object.isFrozen(AzureAuthorityHosts)).toBe(true);
});

function takenOrNone(text: string): string | undefined {
  try {
    return parseAuthority(text, strict);
  } catch {
    return undefined;
  }
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAuthority, tokenEndpointUrl } from "../../src/domain/authority.ts";
import { ConfigurationError, TenantNotAllowedError } from "../../src/domain/errors.ts";
import { parseTenant, resolveTenant, type TenantRules } from "../../src/domain/tenant.ts";

const LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const end = fc.constantFrom(...LETTERS);
const tenant = fc
  .tuple(end, fc.string({ unit: fc.constantFrom(...LETTERS, ".", "-"), maxLength: 60 }), end)
  .map((parts) => parts.join(""))
  .filter((text) => !text.includes(".."))
  .filter((text) => !/^(?:common|organizations|consumers)$/i.test(text));

describe("1.2 a tenant", () => {
  test("is any domain name or GUID, and comes back in lower case", () => {
    fc.assert(
      fc.property(tenant, (text) => {
        expect(parseTenant(text)).toBe(text.toLowerCase());
      }),
    );
  });

  test("may be one character long, and 253", () => {
    expect(parseTenant("a")).toBe("a");
    expect(parseTenant("a".repeat(253))).toHaveLength(253);
    expect(() => parseTenant("a".repeat(254))).toThrow(ConfigurationError);
  });

  test("is refused with any other character, wherever it stands", () => {
    const forbidden = fc
      .string({ unit: "binary", minLength: 1, maxLength: 1 })
      .filter((character) => !`${LETTERS}.-`.includes(character));
    fc.assert(
      fc.property(tenant, forbidden, fc.nat(), (text, character, position) => {
        const at = position % (text.length + 1);
        const spoiled = text.slice(0, at) + character + text.slice(at);

        expect(() => parseTenant(spoiled)).toThrow(ConfigurationError);
      }),
    );
  });

  test("never changes the path of the token URL: whatever is taken stands there as it is", () => {
    const authority = parseAuthority("login.example", { source: "", allowInsecureLoopback: false });
    fc.assert(
      fc.property(fc.oneof(tenant, fc.string(), fc.webPath()), (text) => {
        const taken = parsedOrNone(text);
        fc.pre(taken !== undefined && taken !== "adfs");

        const url = tokenEndpointUrl(authority, taken);

        expect(new URL(url).pathname).toBe(`/${text.toLowerCase()}/oauth2/v2.0/token`);
      }),
    );
  });

  test.each([["common"], ["Organizations"], ["CONSUMERS"]])(
    "of everybody cannot serve client credentials: %s",
    (shared) => {
      expect(() => parseTenant(shared)).toThrow(/cannot serve client credentials/);
    },
  );
});

describe("2.5 the tenant of a call", () => {
  const OWN = "own.example";
  const rules = (changes: Partial<TenantRules> = {}): TenantRules => ({
    configured: parseTenant(OWN),
    allowed: new Set(["other.example"]),
    multiTenantDisabled: false,
    ...changes,
  });
  const anyTenant = rules({ allowed: new Set(["*"]) });
  const disabled = { multiTenantDisabled: true };
  const adfs = { configured: parseTenant("adfs") };

  test.each<[string, string | undefined, TenantRules, string]>([
    ["none asked", undefined, rules(), OWN],
    ["an empty one asked", "", rules(), OWN],
    ["the own one asked", OWN, rules(), OWN],
    ["the own one asked in another case", "OWN.Example", rules(), OWN],
    ["one of the list", "other.example", rules(), "other.example"],
    ["one of the list in another case", "Other.EXAMPLE", rules(), "other.example"],
    ["any, when * is in the list", "third.example", anyTenant, "third.example"],
    ["any, when * is one of several", "x", rules({ allowed: new Set(["a", "*"]) }), "x"],
    ["an allowed one under AD FS", "other.example", rules(adfs), "adfs"],
    ["one that is not allowed under AD FS", "third.example", rules(adfs), "adfs"],
    ["an allowed one, tenants switched off", "other.example", rules(disabled), OWN],
    ["one that is not allowed, tenants switched off", "third.example", rules(disabled), OWN],
    ["any, tenants switched off", "x", { ...anyTenant, ...disabled }, OWN],
  ])("is, with %s (%s): the last column", (_case, asked, given, expected) => {
    expect(resolveTenant(asked, given)).toBe(expected);
  });

  test.each([["third.example"], ["other.example.evil"], ["othe"]])(
    "that is not in the list is refused, naming the tenant and the option: %s",
    (asked) => {
      expect(() => resolveTenant(asked, rules())).toThrow(TenantNotAllowedError);
      expect(() => resolveTenant(asked, rules())).toThrow(
        new RegExp(`'${asked}' .*additionallyAllowedTenants`),
      );
    },
  );

  test.each([
    ["any tenant", anyTenant],
    ["AD FS", rules(adfs)],
    ["tenants switched off", rules(disabled)],
  ])("has its characters checked also under %s (1.2)", (_case, given) => {
    expect(() => resolveTenant("te/nant b", given)).toThrow(/The tenantId of the call/);
    expect(() => resolveTenant("..", given)).toThrow(ConfigurationError);
  });
});

function parsedOrNone(text: string) {
  try {
    return parseTenant(text);
  } catch {
    return undefined;
  }
}

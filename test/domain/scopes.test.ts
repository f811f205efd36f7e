import fc from "fast-check";
import { expect, test } from "vitest";
import { ConfigurationError } from "../../src/domain/errors.ts";
import { parseScopes, resourceOf } from "../../src/domain/scopes.ts";

// RFC 6749, section 3.3.
const SCOPE_CHARACTERS = Array.from({ length: 0x7f - 0x21 }, (_, index) =>
  String.fromCharCode(0x21 + index),
).filter((character) => character !== '"' && character !== "\\");

const scope = fc.string({ unit: fc.constantFrom(...SCOPE_CHARACTERS), minLength: 1 });
const blank = fc.string({
  unit: fc.constantFrom(" ", "\t", "\n", "\r", "\u00a0", "\u2028"),
  minLength: 1,
  maxLength: 3,
});

test("2.2 scopes come back as they are, each once and sorted", () => {
  fc.assert(
    fc.property(fc.array(scope, { minLength: 1 }), (scopes) => {
      expect(parseScopes(scopes)).toEqual([...new Set(scopes)].sort());
    }),
  );
});

test("2.2 any white space separates scopes, in a string as in an element", () => {
  fc.assert(
    fc.property(fc.array(scope, { minLength: 1 }), blank, fc.nat(), (scopes, between, cut) => {
      const at = cut % (scopes.length + 1);
      const inOneString = `${between}${scopes.join(between)}${between}`;
      const inTwoElements = [scopes.slice(0, at), scopes.slice(at)].map((part) =>
        part.join(between),
      );

      expect(parseScopes(inOneString)).toEqual(parseScopes(scopes));
      expect(parseScopes(inTwoElements)).toEqual(parseScopes(scopes));
    }),
  );
});

test("2.2 parsing again changes nothing", () => {
  fc.assert(
    fc.property(fc.array(scope, { minLength: 1 }), (scopes) => {
      const once = parseScopes(scopes);

      expect(parseScopes(once)).toEqual(once);
      expect(parseScopes(once.join(" "))).toEqual(once);
    }),
  );
});

test("2.2 the case of a scope is kept, and differing in case is differing", () => {
  expect(parseScopes("B/.Default b/.Default")).toEqual(["B/.Default", "b/.Default"]);
});

test("2.2 the list is frozen: it becomes a part of the request", () => {
  expect(Object.isFrozen(parseScopes("a"))).toBe(true);
});

test("2.2 a scope with any character that none may have is refused", () => {
  const forbidden = fc
    .string({ unit: "binary", minLength: 1, maxLength: 1 })
    .filter((character) => !SCOPE_CHARACTERS.includes(character) && !/\s/.test(character));
  fc.assert(
    fc.property(scope, forbidden, scope, (before, character, after) => {
      expect(() => parseScopes(before + character + after)).toThrow(ConfigurationError);
    }),
  );
});

test("2.2 the error about a scope quotes no more than its start", () => {
  const long = `"${"x".repeat(100_000)}`;

  expect(() => parseScopes(long)).toThrow(/^.{1,300}$/);
});

test.each([
  ["https://vault.azure.net/.default", "https://vault.azure.net"],
  ["https://management.core.windows.net//.default", "https://management.core.windows.net/"],
  [
    "api://11111111-2222-3333-4444-555555555555/.default",
    "api://11111111-2222-3333-4444-555555555555",
  ],
  ["https://graph.microsoft.com/User.Read", "https://graph.microsoft.com"],
  ["11111111-2222-3333-4444-555555555555/.default", "11111111-2222-3333-4444-555555555555"],
  ["openid", "openid"],
  ["/.default", "/.default"],
])("the resource of %s is %s", (scope, resource) => {
  expect(resourceOf([scope])).toBe(resource);
});

test("the resource of several scopes is that of the first", () => {
  expect(resourceOf(["https://a.example/x", "https://b.example/y"])).toBe("https://a.example");
});

test.each([
  [
    "a token given as a scope",
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl",
    "[redacted]",
  ],
  ["a URL with a signature", "https://a.example/c?sv=1&sig=canary/.default", "https://a.example"],
  ["a URL with a password", "https://user:canary@a.example/.default", "https://a.example"],
])("the resource of %s is told without it", (_, mistaken, told) => {
  expect(resourceOf([mistaken])).toBe(told);
});

test("a resource is told up to 256 characters", () => {
  const long = `https://a.example/${"word/".repeat(1_000)}.default`;

  expect(resourceOf([long]).length).toBeLessThanOrEqual(256);
});

import { expect, test } from "vitest";
import { count, duration, shortDuration } from "../../src/cli/quantity.ts";
import { redacted } from "../../src/cli/redacted.ts";
import { publicClaims } from "../../src/cli/token-claims.ts";
import { nearest } from "../../src/domain/nearest.ts";

const NOW = Date.UTC(2026, 0, 1);

test.each([
  [0.000_31, "310 ns"],
  [0.003_1, "3.1 µs"],
  [0.31, "310 µs"],
  [3.1, "3.1 ms"],
  [310, "310 ms"],
  [3_100, "3.1 s"],
  [31_000, "31 s"],
])("%d ms are shown as %s", (ms, shown) => {
  expect(duration(ms).shown).toBe(shown);
});

test("in JSON a duration has three decimals at most, and a short one is whole nanoseconds", () => {
  expect(duration(187.534_411_9).value).toBe(187.534);
  expect(shortDuration(0.000_249_7).value).toBe(250);
  expect(shortDuration(0.000_249_7).shown).toBe("250 ns");
});

test.each([
  [0, "0 calls"],
  [1, "1 call"],
  [10_000, "10,000 calls"],
])("%d of a thing are shown as %s", (value, shown) => {
  expect(count(value, "call").shown).toBe(shown);
});

test("of a token nothing is shown but its length, whatever it is", () => {
  expect(redacted("eyJhbGciOi.secret.part")).toBe("eyJ…(22 characters)");
  expect(redacted("an-opaque-token")).toBe("…(15 characters)");
});

test("a word two slips away is still meant, another word is not", () => {
  expect(nearest("dmeo", ["demo", "doctor"])).toBe("demo");
  expect(nearest("help", ["demo", "doctor"])).toBeUndefined();
});

test("roles are counted, not listed", () => {
  const claims = publicClaims(tokenThatSays({ roles: ["Mail.Read", "User.Read.All"] }), NOW);

  expect(claims).toEqual([{ name: "roles", label: "roles", value: 2, shown: "2" }]);
});

test("the end of a token is shown as a time and as what is left", () => {
  const [exp] = publicClaims(tokenThatSays({ exp: NOW / 1_000 + 3_600 }), NOW);

  expect(exp?.shown).toBe("2026-01-01 01:00:00 UTC, in 60 min");
});

test("a claim cannot repaint the terminal", () => {
  const [aud] = publicClaims(tokenThatSays({ aud: "\u001b[2Jhttps://vault\u202e" }), NOW);

  expect(aud?.shown).toBe("[2Jhttps://vault");
});

test.each(["opaque", "a.b.c", "..", `a.${base64("null")}.c`, `a.${base64("[1]")}.c`])(
  "%s is no readable token, and that is no error",
  (token) => {
    expect(publicClaims(token, NOW).filter(({ name }) => name !== "roles")).toEqual([]);
  },
);

function tokenThatSays(claims: object): string {
  return `${base64('{"alg":"RS256"}')}.${base64(JSON.stringify(claims))}.signature`;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64url");
}

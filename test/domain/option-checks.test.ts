import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigurationError } from "../../src/domain/errors.ts";
import {
  booleanOr,
  numberWithin,
  refuseUnknownOptions,
  requireText,
} from "../../src/domain/option-checks.ts";
import { typeName } from "../../src/domain/type-name.ts";

const KNOWN = new Set(["deadlineMs", "attemptTimeoutMs", "maxRetries"]);

describe("1.7 unknown options", () => {
  test.each([
    ["deadlineMS", "deadlineMs"],
    ["deadline", "deadlineMs"],
    ["atemptTimeoutMs", "attemptTimeoutMs"],
    ["maxretries", "maxRetries"],
    ["retries", "maxRetries"],
  ])("%s is refused, naming the nearest: %s", (name, nearest) => {
    expect(() => refuseUnknownOptions("resilience", { [name]: 1 }, KNOWN)).toThrow(
      `resilience has no option "${name}". Did you mean ${nearest}?`,
    );
  });

  test("that are like none are refused, naming all", () => {
    expect(() => refuseUnknownOptions("resilience", { hedge: true }, KNOWN)).toThrow(
      'resilience has no option "hedge". It takes deadlineMs, attemptTimeoutMs, maxRetries.',
    );
  });

  test("are refused even when they are undefined: the name is what is wrong", () => {
    expect(() => refuseUnknownOptions("resilience", { hedge: undefined }, KNOWN)).toThrow(/hedge/);
  });

  test("are none among the known, and none at all", () => {
    expect(() => refuseUnknownOptions("resilience", {}, KNOWN)).not.toThrow();
    expect(() => refuseUnknownOptions("resilience", { maxRetries: "x" }, KNOWN)).not.toThrow();
  });

  test.each([
    [null, "null"],
    [[], "an array"],
    ["text", "a value of type string"],
    [5, "a value of type number"],
    [() => 1, "a value of type function"],
    [undefined, "undefined"],
  ])("%j is no options object", (value, name) => {
    expect(() => refuseUnknownOptions("cache", value, KNOWN)).toThrow(
      `cache takes an options object, not ${name}.`,
    );
  });
});

describe("1.7 numbers", () => {
  const rule = { min: 2, max: 10, fallback: 4, whole: true };

  test("from the least to the greatest are taken, and none is the default", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 10 }), (value) => {
        expect(numberWithin("n", value, rule)).toBe(value);
      }),
    );
    expect(numberWithin("n", undefined, rule)).toBe(4);
  });

  test.each([
    [1, "1"],
    [11, "11"],
    [2.5, "2.5"],
    [-3, "-3"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    ["4", "a value of type string"],
    [4n, "a value of type bigint"],
    [null, "null"],
    [[4], "an array"],
  ])("%s is refused, saying what was given and what is allowed", (value, got) => {
    expect(() => numberWithin("cache.n", value, rule)).toThrow(
      `cache.n must be a whole number from 2 to 10, not ${got}.`,
    );
  });

  test("need not be whole where the rule says so", () => {
    expect(numberWithin("n", 2.5, { ...rule, whole: false })).toBe(2.5);
    expect(() => numberWithin("n", Number.NaN, { ...rule, whole: false })).toThrow(/a number from/);
  });
});

test("1.7 a boolean is true or false, or the default when not given", () => {
  expect(booleanOr("b", undefined, true)).toBe(true);
  expect(booleanOr("b", false, true)).toBe(false);
  expect(() => booleanOr("b", "false", true)).toThrow(ConfigurationError);
  expect(() => booleanOr("b", null, true)).toThrow("b must be true or false, not null.");
});

test("1.7 a text is not blank, and its error never shows it", () => {
  expect(requireText("t", " a ")).toBe(" a ");
  expect(() => requireText("t", " \n")).toThrow(
    "t must be a string that is not blank, not a blank string.",
  );
  expect(() => requireText("t", Buffer.from("secret"))).toThrow(/^(?!.*secret).*type object/);
});

test.each([
  [undefined, "undefined"],
  [null, "null"],
  [[], "an array"],
  [{}, "a value of type object"],
  [Symbol("x"), "a value of type symbol"],
])("the type of a value has a name: %s", (value, name) => {
  expect(typeName(value)).toBe(name);
});

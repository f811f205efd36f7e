import { expect, test } from "vitest";
import { nearest } from "../../src/domain/nearest.ts";

test.each([
  ["a slip", "maxRetrys", "maxRetries"],
  ["another case", "MAXRETRIES", "maxRetries"],
  ["two letters swapped", "cpu", "cup"],
  ["a third of the letters", "window", "windowMs"],
])("%s is near enough: %s may mean %s", (_case, word, expected) => {
  expect(nearest(word, ["other", expected, "another"])).toBe(expected);
});

test("the nearest of several is meant", () => {
  expect(nearest("maxBackof", ["backoffMs", "maxBackoff", "maxBackoffMs"])).toBe("maxBackoff");
});

test.each([
  ["another word", "hedging", ["maxRetries", "deadlineMs"]],
  ["nothing in common with a short word", "xy", ["ab"]],
  ["no candidate", "a", []],
])("%s is not near: none is meant", (_case, word, candidates) => {
  expect(nearest(word, candidates)).toBeUndefined();
});

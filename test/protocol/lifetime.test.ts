import { expect, test } from "vitest";
import { readLifetime } from "../../src/protocol/lifetime.ts";

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);
const IN_AN_HOUR_S = NOW / 1000 + 3600;

test.each([
  ["expires_in", { expires_in: 3599 }, 3_599_000],
  ["expires_in as digits", { expires_in: "3599" }, 3_599_000],
  ["expires_in with a fraction", { expires_in: 0.5 }, 500],
  ["expires_on", { expires_on: IN_AN_HOUR_S }, 3_600_000],
  ["expires_on as digits", { expires_on: String(IN_AN_HOUR_S) }, 3_600_000],
  ["expires_in before expires_on", { expires_in: 60, expires_on: IN_AN_HOUR_S }, 60_000],
  ["expires_on for want of expires_in", { expires_in: null, expires_on: IN_AN_HOUR_S }, 3_600_000],
  ["ten years", { expires_in: 315_360_000 }, 315_360_000_000],
])("3.6 the lifetime is read from %s", (_from, body, lifetimeMs) => {
  expect(readLifetime(body, NOW)).toEqual({ lifetimeMs });
});

test.each([
  ["a number", 1800, 1_800_000],
  ["digits", "1800", 1_800_000],
  ["one second less than the lifetime", 3599, 3_599_000],
])("3.6 refresh_in is used: %s", (_what, refresh_in, refreshInMs) => {
  expect(readLifetime({ expires_in: 3600, refresh_in }, NOW)).toEqual({
    lifetimeMs: 3_600_000,
    refreshInMs,
  });
});

test.each([[0], [-1], [3600], [7200], ["soon"], [null], [{}], ["1e3"]])(
  "3.6 a refresh_in of %j is ignored",
  (refresh_in) => {
    expect(readLifetime({ expires_in: 3600, refresh_in }, NOW)).toEqual({ lifetimeMs: 3_600_000 });
  },
);

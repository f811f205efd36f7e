import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RefreshRules, tokenTimes } from "../../src/domain/token-times.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const DEFAULTS: RefreshRules = { windowMs: 5 * MINUTE, expiryMarginMs: 30_000, jitter: 0.1 };

/** The times of a token that is issued at 0 and asks for no jitter unless told. */
function timesOf(lifetimeMs: number, changes: { refreshInMs?: number; chance?: number } = {}) {
  return tokenTimes({ issuedAt: 0, lifetimeMs, chance: 0, ...changes }, DEFAULTS);
}

describe("5.2 and 5.3 without a hint and without jitter, in seconds", () => {
  test.each([
    { lifetimeS: 60, refreshS: 48, expiringS: 54 },
    { lifetimeS: 5 * 60, refreshS: 240, expiringS: 270 },
    { lifetimeS: 24 * 60, refreshS: 1_152, expiringS: 1_410 },
    { lifetimeS: 25 * 60, refreshS: 1_200, expiringS: 1_470 },
    { lifetimeS: 60 * 60, refreshS: 3_300, expiringS: 3_570 },
    { lifetimeS: 90 * 60, refreshS: 5_100, expiringS: 5_370 },
    { lifetimeS: 2 * 3_600 - 1, refreshS: 6_899, expiringS: 7_169 },
    { lifetimeS: 2 * 3_600, refreshS: 3_600, expiringS: 7_170 },
    { lifetimeS: 24 * 3_600, refreshS: 43_200, expiringS: 86_370 },
  ])("a token of $lifetimeS s is refreshed at $refreshS s and expiring at $expiringS s", (row) => {
    const times = timesOf(row.lifetimeS * 1_000);

    expect(times).toEqual({
      issuedAt: 0,
      refreshAt: row.refreshS * 1_000,
      expiringAt: row.expiringS * 1_000,
      expiresAt: row.lifetimeS * 1_000,
    });
  });
});

describe("5.3 refresh_in", () => {
  test.each([
    ["earlier than the rules", HOUR, 10 * MINUTE],
    ["later than the rules", HOUR, 58 * MINUTE],
    ["of a long lifetime", 24 * HOUR, 20 * HOUR],
    ["of a short lifetime", 10 * MINUTE, MINUTE],
  ])("wins: %s", (_case, lifetimeMs, refreshInMs) => {
    expect(timesOf(lifetimeMs, { refreshInMs }).refreshAt).toBe(refreshInMs);
  });

  test("never moves the refresh behind the margin before expiry", () => {
    expect(timesOf(HOUR, { refreshInMs: HOUR - 1_000 }).refreshAt).toBe(HOUR - 30_000);
  });
});

test("5.3 the window before expiry is an option", () => {
  const times = tokenTimes(
    { issuedAt: 0, lifetimeMs: HOUR, chance: 0 },
    { ...DEFAULTS, windowMs: 10 * MINUTE },
  );

  expect(times.refreshAt).toBe(50 * MINUTE);
});

const lifetime = fc
  .record({
    issuedAt: fc.nat(4e12),
    lifetimeMs: fc.oneof(
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 1_000, max: 26 * HOUR }),
    ),
    hint: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  })
  .map(({ hint, ...rest }) => {
    // Positive and smaller than the lifetime, as the protocol hands it on.
    const refreshInMs = hint === undefined ? 0 : Math.floor(hint * rest.lifetimeMs);
    return refreshInMs > 0 && refreshInMs < rest.lifetimeMs ? { ...rest, refreshInMs } : rest;
  });

const rules = fc.record({
  windowMs: fc.integer({ min: 0, max: 24 * HOUR }),
  expiryMarginMs: fc.integer({ min: 0, max: HOUR }),
  jitter: fc.double({ min: 0, max: 0.5, noNaN: true }),
});

test("5.2 issued, refresh, expiring and expired come in this order, whatever the options", () => {
  fc.assert(
    fc.property(lifetime, rules, (given, options) => {
      const { issuedAt, refreshAt, expiringAt, expiresAt } = tokenTimes(given, options);

      expect(issuedAt).toBe(given.issuedAt);
      expect(issuedAt).toBeLessThanOrEqual(refreshAt);
      expect(refreshAt).toBeLessThanOrEqual(expiringAt);
      expect(expiringAt).toBeLessThanOrEqual(expiresAt);
      expect(expiresAt).toBe(given.issuedAt + given.lifetimeMs);
    }),
  );
});

test("5.2 with any margin at all, a token is expiring before it expires", () => {
  fc.assert(
    fc.property(lifetime, rules, (given, options) => {
      const { expiringAt, expiresAt } = tokenTimes(given, {
        ...options,
        expiryMarginMs: options.expiryMarginMs + 1,
      });

      expect(expiringAt).toBeLessThan(expiresAt);
    }),
  );
});

test("5.2 the margin is never more than a tenth of the lifetime", () => {
  fc.assert(
    fc.property(lifetime, rules, (given, options) => {
      const { expiringAt, expiresAt } = tokenTimes(given, options);

      const margin = expiresAt - expiringAt;
      expect(margin).toBeLessThanOrEqual(given.lifetimeMs / 10 + 0.001);
      expect(margin).toBeLessThanOrEqual(options.expiryMarginMs + 0.001);
    }),
  );
});

test("5.3 jitter only makes the refresh earlier, by a tenth of the way there at most", () => {
  fc.assert(
    fc.property(lifetime, (given) => {
      const unjittered = tokenTimes({ ...given, chance: 0 }, DEFAULTS).refreshAt;

      const { refreshAt, expiringAt } = tokenTimes(given, DEFAULTS);

      expect(refreshAt).toBeLessThanOrEqual(unjittered);
      // A point that the margin cut off was later before it was cut.
      const earliest = given.issuedAt + (unjittered - given.issuedAt) * 0.9;
      expect(refreshAt).toBeGreaterThanOrEqual(Math.min(earliest, expiringAt) - 0.001);
    }),
  );
});

test("5.3 the greatest jitter brings the refresh of an hour's token forward by 5.5 minutes", () => {
  expect(timesOf(HOUR, { chance: 1 }).refreshAt).toBe(55 * MINUTE * 0.9);
});

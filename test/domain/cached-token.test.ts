import fc from "fast-check";
import { expect, test } from "vitest";
import { CachedToken, type Freshness, freshness } from "../../src/domain/cached-token.ts";
import { parseTenant } from "../../src/domain/tenant.ts";

function tokenWith(changes: Partial<ConstructorParameters<typeof CachedToken>[0]> = {}) {
  return new CachedToken({
    token: "a-token",
    times: { issuedAt: 1_000, refreshAt: 2_000, expiringAt: 3_000, expiresAt: 4_000 },
    wallOffsetMs: 0,
    tenantId: parseTenant("own.example"),
    resource: "https://a.example",
    plain: true,
    ...changes,
  });
}

test.each<[number, Freshness]>([
  [0, "fresh"],
  [1_999, "fresh"],
  [2_000, "stale"],
  [2_999, "stale"],
  [3_000, "expiring"],
  [3_999, "expiring"],
  [4_000, "expired"],
  [1e15, "expired"],
])("5.2 at %i ms the token is %s", (now, expected) => {
  expect(freshness(tokenWith(), now)).toBe(expected);
});

test("5.2 a token never gets fresher as time goes by, whatever its times", () => {
  const order: readonly Freshness[] = ["fresh", "stale", "expiring", "expired"];
  const times = fc
    .array(fc.nat(10_000), { minLength: 4, maxLength: 4 })
    .map((moments) => moments.sort((a, b) => a - b))
    .map(([issuedAt = 0, refreshAt = 0, expiringAt = 0, expiresAt = 0]) => ({
      issuedAt,
      refreshAt,
      expiringAt,
      expiresAt,
    }));
  fc.assert(
    fc.property(times, fc.nat(12_000), fc.nat(12_000), (given, moment, laterMs) => {
      const token = tokenWith({ times: given });

      const [before, after] = [moment, moment + laterMs].map((now) => freshness(token, now));

      expect(order.indexOf(after ?? "fresh")).toBeGreaterThanOrEqual(
        order.indexOf(before ?? "expired"),
      );
      expect(freshness(token, given.expiresAt)).toBe("expired");
    }),
  );
});

test("5.9 what callers get is one frozen object, in one promise made once", async () => {
  const token = tokenWith();

  expect(Object.isFrozen(token.accessToken())).toBe(true);
  expect(await token.answer()).toBe(token.accessToken());
  expect(token.answer()).toBe(token.answer());
});

test("2.1 callers are told wall-clock times, in whole milliseconds", () => {
  const token = tokenWith({
    times: { issuedAt: 1_000, refreshAt: 2_000.7, expiringAt: 3_000, expiresAt: 4_000.2 },
    wallOffsetMs: -500,
  });

  expect(token.accessToken()).toEqual({
    token: "a-token",
    tokenType: "Bearer",
    refreshAfterTimestamp: 1_500,
    expiresOnTimestamp: 3_500,
  });
});

test("5.3 the lifetime counts from issue to expiry", () => {
  expect(tokenWith().lifetimeMs()).toBe(3_000);
});

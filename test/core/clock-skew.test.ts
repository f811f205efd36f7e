import { expect, test } from "vitest";
import { ClockSkew } from "../../src/core/clock-skew.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

function dated(offsetMs: number): { readonly date: string } {
  return { date: new Date(NOW + offsetMs).toUTCString() };
}

test("5.7 a skew above a minute is news once, in either direction", () => {
  const skew = new ClockSkew();

  expect(skew.news(dated(120_000), NOW)).toBe(120_000);
  expect(skew.news(dated(120_000), NOW)).toBeUndefined();
  expect(skew.news(dated(-600_000), NOW)).toBe(-600_000);
});

test("5.7 a minute or less is none", () => {
  const skew = new ClockSkew();

  expect(skew.news(dated(60_000), NOW)).toBeUndefined();
  expect(skew.news({}, NOW)).toBeUndefined();
});

test("5.7 a skew that was mended and comes back is news again", () => {
  const skew = new ClockSkew();
  skew.news(dated(120_000), NOW);

  expect(skew.news(dated(0), NOW)).toBeUndefined();
  expect(skew.news(dated(120_000), NOW)).toBe(120_000);
});

import { describe, expect, test } from "vitest";
import { counted, lasted } from "../../src/cli/drill/expectation.ts";
import { median } from "../../src/cli/drill/median.ts";
import { Meter } from "../../src/cli/drill/meter.ts";

test.each([
  { values: [3], middle: 3 },
  { values: [9, 1, 5], middle: 5 },
  { values: [4, 1, 2, 10], middle: 3 },
])("the median of $values is $middle", ({ values, middle }) => {
  expect(median(values)).toBe(middle);
});

test("there is no median of nothing", () => {
  expect(median([])).toBeNaN();
});

describe("an expectation holds up to its bound", () => {
  test.each([
    { bound: { exactly: 5 }, holdsFor: [5], expected: "5" },
    { bound: { atMost: 5 }, holdsFor: [4, 5], expected: "at most 5" },
    { bound: { atLeast: 5 }, holdsFor: [5, 6], expected: "at least 5" },
  ])("$expected", ({ bound, holdsFor, expected }) => {
    const all = [4, 5, 6].map((seen) => counted("requests", { ...bound, seen }));

    expect(all.filter(({ holds }) => holds).map(({ seen }) => Number(seen))).toEqual(holdsFor);
    expect(all[0]).toMatchObject({ label: "requests", expected });
  });

  test("a time that was never measured keeps to none", () => {
    const seenMs = Number.POSITIVE_INFINITY;

    expect(lasted("renewed after", { seenMs, atMost: 1_000 }).holds).toBe(false);
    expect(lasted("second request", { seenMs: Number.NaN, atLeast: 7_000 }).holds).toBe(false);
  });
});

describe("a meter", () => {
  test("tells the middle one of its windows' 99th percentiles", () => {
    const meter = new Meter();

    for (const slowMs of [1, 500, 3]) {
      for (let call = 0; call < 90; call += 1) meter.timed(0.001, false);
      for (let call = 0; call < 10; call += 1) meter.timed(slowMs, false);
      meter.closeWindow();
    }

    expect(meter.p99Ms).toBeCloseTo(3, 1);
    expect(meter.longestMs).toBe(500);
    expect(meter.calls).toBe(300);
  });

  test("counts tokens once and rejections by code", () => {
    const meter = new Meter();

    for (const token of ["a", "a", "b"]) meter.served({ token, expiresOnTimestamp: 0 });
    meter.refused(Object.assign(new Error("secret"), { code: "ERR_TIMEOUT" }));
    meter.refused(new TypeError("secret"));

    expect(meter.tokens).toBe(2);
    expect([...meter.rejected]).toEqual([
      ["ERR_TIMEOUT", 1],
      ["TypeError", 1],
    ]);
  });

  test("tells who was rejected though there was a token to use", () => {
    const meter = new Meter();

    meter.refused(new Error("cold"));
    meter.served({ token: "a", expiresOnTimestamp: Date.now() + 60_000 });
    meter.refused(new Error("warm"));
    meter.served({ token: "b", expiresOnTimestamp: Date.now() - 1 });
    meter.refused(new Error("expired"));

    expect(meter.rejections).toBe(3);
    expect(meter.unserved).toBe(1);
  });
});

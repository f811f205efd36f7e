import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Fault } from "./faults/fault.ts";
import { type Endured, halfHourOf, restMsOf } from "./half-hour.ts";

const CALLS_OF_HALF_AN_HOUR = 18_000;

// A first try, its retry, and a cool-down that doubles from half a minute to five minutes.
const MOST_REQUESTS = 25;

/** The tests of what half an hour of each fault does to callers and to the authority. */
export function testHalfHourOf(faults: readonly Fault[]): void {
  let endured: readonly Endured[] = [];
  const runsOf = (fault: Fault) => endured.filter((run) => run.fault === fault);

  beforeAll(async () => {
    vi.useFakeTimers({ now: new Date("2026-03-01T12:00:00Z") });
    endured = await halfHourOf(faults);
  }, 120_000);

  afterAll(() => {
    vi.useRealTimers();
  });

  describe("a token that is stale when half an hour begins, or falls due in it", () => {
    test.each(faults)("serves ten calls a second through $name", (fault) => {
      const felt = runsOf(fault).map(({ start, rejected, waited }) => [start, rejected, waited]);

      expect(felt).toEqual([
        ["stale", 0, 0],
        ["fresh", 0, 0],
      ]);
      expect(runsOf(fault).every(({ calls }) => calls > CALLS_OF_HALF_AN_HOUR)).toBe(true);
    });

    test.each(faults)("is asked for seldom through $name", (fault) => {
      for (const { requests, assertions } of runsOf(fault)) {
        expect(assertions).toBeGreaterThan(0);
        expect(Math.max(requests, assertions)).toBeLessThanOrEqual(MOST_REQUESTS);
      }
    });

    test.each(faults)("is renewed when its rest is over after $name", (fault) => {
      const slowest = Math.max(...runsOf(fault).map(({ recoveredAfterMs }) => recoveredAfterMs));

      expect(slowest).toBeLessThanOrEqual(restMsOf(fault));
    });
  });
}

import { beforeEach, expect, test, vi } from "vitest";
import { useFakeClock } from "../../support/clock.ts";
import { seededChance } from "../seeded-chance.ts";
import { evenPerSecond } from "./fleet.ts";
import { outageOf } from "./outage.ts";
import { THOUSAND } from "./thousand.ts";

vi.setConfig({ testTimeout: 60_000 });
useFakeClock();

// As in a process of its own: a test runner's longer traces take most of the time.
Error.stackTraceLimit = 10;

beforeEach(() => {
  const random = vi.spyOn(Math, "random").mockImplementation(seededChance(1));
  return () => random.mockRestore();
});

// Who fell due under the outage asks again after 30, 60 and 120 s: three streams that meet those who
// fall due afterwards, each as dense as an even spread, and no spread by chance is even.
const MOST_TIMES_EVEN = 6;

test("an authority that was gone for four minutes of a fleet's renewals is not met by all at once", async () => {
  const outage = { fromS: 3_000, untilS: 3_240, overS: 3_560 };

  const { requestsBySecond, rejected, renewed } = await outageOf(THOUSAND.processes, outage);

  const afterwards = tens(requestsBySecond.slice(outage.untilS));
  expect({ rejected, renewed }).toEqual({ rejected: 0, renewed: THOUSAND.processes });
  expect(Math.max(...afterwards)).toBeGreaterThan(evenPerSecond(THOUSAND));
  expect(Math.max(...afterwards)).toBeLessThanOrEqual(MOST_TIMES_EVEN * evenPerSecond(THOUSAND));
});

/** Per second, over each ten. */
function tens(bySecond: readonly number[]): readonly number[] {
  const sums: number[] = [];
  for (const [second, count] of bySecond.entries()) {
    const ten = Math.floor(second / 10);
    sums[ten] = (sums[ten] ?? 0) + count / 10;
  }
  return sums;
}

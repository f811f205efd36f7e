import { expect, test } from "vitest";
import { LoopHold } from "../../src/core/loop-hold.ts";
import { ManualClock } from "../support/manual-clock.ts";

function referenced(clock: ManualClock): number {
  return [...clock.timers].filter(({ hold }) => hold === "referenced").length;
}

test("5.10 one referenced timer stands for any number of waiting callers, and goes with the last", () => {
  const clock = new ManualClock();
  const hold = new LoopHold(clock);

  hold.take();
  hold.take();
  expect(referenced(clock)).toBe(1);
  hold.release();
  expect(referenced(clock)).toBe(1);
  hold.release();

  expect(referenced(clock)).toBe(0);
});

test("5.10 it holds however long somebody waits", () => {
  const clock = new ManualClock();
  const hold = new LoopHold(clock);
  hold.take();

  for (let day = 0; day < 3; day += 1) clock.advance(24 * 60 * 60_000);

  expect(referenced(clock)).toBe(1);
});

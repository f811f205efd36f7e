import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { SteadyClock } from "../../src/core/steady-clock.ts";
import { ManualClock } from "../support/manual-clock.ts";

function clocks() {
  const clock = new ManualClock();
  const time = new SteadyClock(clock);
  const start = time.now();
  return { clock, elapsed: () => time.now() - start, time };
}

test("it passes as both clocks do", () => {
  const { clock, elapsed } = clocks();

  clock.advance(10_000);

  expect(elapsed()).toBe(10_000);
});

test("it goes on while the wall clock is set back", () => {
  const { clock, elapsed } = clocks();
  clock.advance(10_000);

  clock.wall -= 3_600_000;

  expect(elapsed()).toBe(10_000);
  clock.advance(5_000);
  expect(elapsed()).toBe(15_000);
});

test("it follows the wall clock through a suspension", () => {
  const { clock, elapsed } = clocks();

  clock.wall += 3_600_000;

  expect(elapsed()).toBe(3_600_000);
});

test("a suspension counts also after the wall clock was set back", () => {
  const { clock, elapsed } = clocks();
  clock.wall -= 3_600_000;
  expect(elapsed()).toBe(0);

  clock.wall += 1_800_000;

  expect(elapsed()).toBe(1_800_000);
});

test("many small steps back add up until they count", () => {
  const { clock, elapsed } = clocks();

  for (let step = 0; step < 100; step += 1) {
    clock.advance(2_000);
    clock.wall -= 100;
    elapsed();
  }

  expect(elapsed()).toBeGreaterThanOrEqual(200_000 - 500);
});

test("within a second it reads one clock alone", () => {
  const { clock, time } = clocks();
  clock.advance(2_000);
  time.now();
  const monotonic = vi.spyOn(clock, "monotonic");

  clock.advance(900);
  time.now();
  expect(monotonic).not.toHaveBeenCalled();
  clock.advance(101);
  time.now();

  expect(monotonic).toHaveBeenCalledTimes(1);
});

test("it tells how far the wall clock is from it", () => {
  const { clock, time } = clocks();

  clock.wall -= 3_600_000;

  expect(time.now() + time.wallOffsetMs()).toBe(clock.wall);
});

test("whatever the clocks do, it never falls behind either of them by more than half a second", () => {
  const step = fc.record({
    both: fc.integer({ min: 0, max: 5_000 }),
    wall: fc.oneof(fc.constant(0), fc.integer({ min: -10_000_000, max: 10_000_000 })),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const { clock, elapsed } = clocks();
      let monotonic = 0;
      for (const { both, wall } of steps) {
        clock.advance(both);
        clock.wall += wall;
        monotonic += both;
        // A step of the wall clock is seen within a second of it.
        clock.advance(1_001);
        monotonic += 1_001;
        expect(elapsed()).toBeGreaterThanOrEqual(monotonic - 500);
      }
    }),
  );
});

import type { Clock } from "./ports.ts";

// A hit reads one clock; the second is read when this much has passed since they were compared.
const COMPARE_EVERY_MS = 1_000;

// Two clocks are never read in the same instant and one counts whole milliseconds, so smaller
// differences are noise. They add up against the anchor until they are none.
const STEP_MS = 500;

/**
 * Time that misses nothing and goes back by half a second at most: when the wall clock is set
 * back it keeps the pace of the monotonic clock, and after a suspension, which the monotonic
 * clock may sleep through, it follows the wall clock. Tokens are judged by it.
 */
export class SteadyClock {
  readonly #clock: Clock;
  #lastWall: number;
  #comparedAt: number;
  /** Wall time minus monotonic time when the two last agreed. */
  #anchor: number;
  /** Steady time minus wall time. */
  #offset = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lastWall = this.#comparedAt = clock.now();
    this.#anchor = this.#lastWall - clock.monotonic();
  }

  /** Steady time in milliseconds. */
  now(): number {
    const wall = this.#clock.now();
    if (wall < this.#lastWall || wall - this.#comparedAt > COMPARE_EVERY_MS) this.#compare(wall);
    this.#lastWall = wall;
    return wall + this.#offset;
  }

  /** Wall time minus steady time in milliseconds, to tell callers a moment in wall-clock time. */
  wallOffsetMs(): number {
    this.now();
    return -this.#offset;
  }

  #compare(wall: number): void {
    const difference = wall - this.#clock.monotonic();
    const step = difference - this.#anchor;
    this.#comparedAt = wall;
    if (Math.abs(step) < STEP_MS) return;

    if (step < 0) this.#offset -= step;
    this.#anchor = difference;
  }
}

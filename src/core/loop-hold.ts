import type { Clock, Timer } from "./ports.ts";

// Any long time does: the timer is never meant to fire.
const LONG_MS = 24 * 60 * 60_000;

/**
 * Keeps the process alive exactly while somebody waits.
 *
 * Every other timer and socket of the credential is unreferenced, so that neither a refresh
 * behind nor an idle connection delays the end of a process. But Node ends with code 13 when
 * the main module awaits what only unreferenced parts can settle: one referenced timer stands
 * for all waiting callers.
 */
export class LoopHold {
  readonly #clock: Clock;
  #waiting = 0;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(): void {
    this.#waiting += 1;
    if (this.#waiting === 1) this.#renew();
  }

  release(): void {
    this.#waiting -= 1;
    if (this.#waiting > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #renew(): void {
    this.#timer = this.#clock.schedule(() => this.#renew(), LONG_MS, "referenced");
  }
}

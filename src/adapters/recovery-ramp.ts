import type { Clock } from "../core/ports.ts";

// From as many on there is nothing left to ramp: a closed circuit and its bulkhead allow no flood.
const FULL = 32;

// An authority that goes on failing now and then is no longer coming back: this is how it is, and it
// gets what any other gets.
const LONGEST_MS = 30_000;

/** What a request got when it was let in; given back when it is over. */
export interface RampPass {
  readonly recovery: number;
  readonly row: number;
}

/**
 * How many requests at once an authority gets that has just come back: as many as it has answered,
 * and one more, so twice as many per round trip; half as many after a failure. TCP starts so too
 * (RFC 5681). Requests that were under way before are not counted, and those that fail together are
 * one failure.
 */
export class RecoveryRamp {
  readonly #clock: Clock;
  #limit = Number.POSITIVE_INFINITY;
  #endsAt = 0;
  #recovery = 0;
  #row = 0;
  #underWay = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  hasRoom(): boolean {
    return this.#underWay < this.#limit || this.#clock.monotonic() >= this.#endsAt;
  }

  /** The authority has given its first answer. */
  begin(): void {
    this.#recovery += 1;
    this.#underWay = 0;
    this.#limit = 2;
    this.#endsAt = this.#clock.monotonic() + LONGEST_MS;
  }

  end(): void {
    this.#limit = Number.POSITIVE_INFINITY;
  }

  enter(): RampPass {
    this.#underWay += 1;
    return { recovery: this.#recovery, row: this.#row };
  }

  leave({ recovery, row }: RampPass, outcome: "answered" | "failed" | "given_up"): void {
    if (recovery !== this.#recovery) return;
    this.#underWay -= 1;
    if (outcome === "answered") this.#answered();
    if (outcome === "failed" && row === this.#row) this.#failed();
  }

  #answered(): void {
    this.#limit += 1;
    if (this.#limit >= FULL) this.end();
  }

  #failed(): void {
    this.#row += 1;
    if (this.#limit !== Number.POSITIVE_INFINITY) {
      this.#limit = Math.max(1, Math.floor(this.#limit / 2));
    }
  }
}

// From as many on there is nothing left to ramp: a closed circuit and its bulkhead allow no flood.
const FULL = 32;

/**
 * How many requests at once an authority gets that has just come back: one, and one more for each
 * answer, so twice as many per round trip; half as many after a failure. TCP starts so too (RFC 5681).
 */
export class RecoveryRamp {
  #limit = Number.POSITIVE_INFINITY;

  /** Infinite while nothing recovers. */
  get limit(): number {
    return this.#limit;
  }

  begin(): void {
    this.#limit = 1;
  }

  end(): void {
    this.#limit = Number.POSITIVE_INFINITY;
  }

  answered(): void {
    this.#limit += 1;
    if (this.#limit >= FULL) this.end();
  }

  failed(): void {
    if (this.#limit !== Number.POSITIVE_INFINITY) {
      this.#limit = Math.max(1, Math.floor(this.#limit / 2));
    }
  }
}

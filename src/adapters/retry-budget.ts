import type { Clock } from "../core/ports.ts";

export interface BudgetRules {
  /** Retries per first request within the window. */
  readonly share: number;
  /** So many retries are allowed beside that share, or one lone request could not be retried. */
  readonly floor: number;
  readonly windowMs: number;
}

interface Bucket {
  readonly number: number;
  requests: number;
  retries: number;
}

// The window slides in steps of a tenth: exact enough, and ten small objects per origin.
const BUCKETS = 10;

/**
 * How many retries one origin is sent. Each flight's own retries are few, but many flights that fail
 * together would multiply the load on an authority that is failing already
 * (sre.google/sre-book/handling-overload).
 */
export class RetryBudget {
  readonly #rules: BudgetRules;
  readonly #clock: Clock;
  readonly #widthMs: number;
  #buckets: Bucket[] = [];

  constructor(rules: BudgetRules, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
    this.#widthMs = rules.windowMs / BUCKETS;
  }

  /** Counts a first request. */
  requested(): void {
    this.#current().requests += 1;
  }

  /** Takes one retry out of the budget; false when there is none left. */
  take(): boolean {
    if (this.left() < 1) return false;
    this.#current().retries += 1;
    return true;
  }

  /** Retries that would be allowed now, in whole. */
  left(): number {
    this.#current();
    let [requests, retries] = [0, 0];
    for (const bucket of this.#buckets) {
      requests += bucket.requests;
      retries += bucket.retries;
    }
    const { share, floor } = this.#rules;
    return Math.max(0, Math.floor(requests * share + floor - retries));
  }

  #current(): Bucket {
    const number = Math.floor(this.#clock.monotonic() / this.#widthMs);
    const last = this.#buckets.at(-1);
    if (last?.number === number) return last;
    const bucket = { number, requests: 0, retries: 0 };
    this.#buckets = this.#buckets.filter((old) => old.number > number - BUCKETS);
    this.#buckets.push(bucket);
    return bucket;
  }
}

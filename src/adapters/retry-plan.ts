import type { Clock, EndureOptions } from "../core/ports.ts";
import { retryReason } from "../core/retry-rules.ts";
import { CredentialError, TransportError } from "../domain/errors.ts";

/** Durations in milliseconds. */
export interface RetryRules {
  readonly maxRetries: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

// The widest step of decorrelated jitter: the next wait is drawn from the first wait to three
// times the last (aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter).
const DECORRELATION = 3;

export interface RetriedFlight extends Pick<EndureOptions, "maxRetries" | "heldMs" | "onRetry"> {
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** Takes one retry out of the budget of the origin; false when there is none left. */
  takeRetry(): boolean;
}

/** Decides about the retries of one flight: whether, and after how long. */
export class RetryPlan {
  readonly #rules: RetryRules;
  readonly #flight: RetriedFlight;
  readonly #endsAt: number;
  readonly #mended = new Set<Mendable>();
  #retries = 0;
  #lastWaitMs: number;
  #nextWaitMs = 0;

  constructor(rules: RetryRules, flight: RetriedFlight) {
    this.#rules = rules;
    this.#flight = flight;
    this.#endsAt = flight.clock.monotonic() + flight.deadlineMs;
    this.#lastWaitMs = rules.backoffMs;
  }

  /** Decides whether an attempt that failed so is worth another; one that is gets counted and announced. */
  decide(error: unknown): boolean {
    const reason = retryReason(error);
    if (reason === undefined || !this.#takes(error)) return false;
    this.#flight.onRetry({ reason, delayMs: this.#nextWaitMs });
    return true;
  }

  /** How long to wait before the retry decided on, in milliseconds. */
  get nextWaitMs(): number {
    return this.#nextWaitMs;
  }

  #takes(error: unknown): boolean {
    // Nothing was sent, so nothing is counted: it waits for its time.
    if (error instanceof CredentialError && error.remembered) {
      this.#nextWaitMs = this.#askedMs(error);
      return this.#fits(error);
    }
    const mendable = mendableBy(error);
    if (mendable !== undefined && !this.#mended.has(mendable)) {
      this.#mended.add(mendable);
      this.#nextWaitMs = 0;
      return true;
    }
    const most = Math.min(this.#rules.maxRetries, this.#flight.maxRetries());
    if (mendable === "assertion" || this.#retries >= most || !this.#fits(error)) return false;
    if (!this.#flight.takeRetry()) return false;
    this.#retries += 1;
    this.#nextWaitMs = this.#backoff(error);
    return true;
  }

  #backoff(error: unknown): number {
    const { clock } = this.#flight;
    const { backoffMs, maxBackoffMs } = this.#rules;
    const span = this.#lastWaitMs * DECORRELATION - backoffMs;
    this.#lastWaitMs = Math.min(maxBackoffMs, backoffMs + clock.chance() * span);
    return Math.max(this.#lastWaitMs, this.#askedMs(error));
  }

  // A wait beyond the deadline would end in it: better to say at once when to ask again.
  #fits(error: unknown): boolean {
    const askedMs = this.#askedMs(error);
    return askedMs === 0 || askedMs < this.#endsAt - this.#flight.clock.monotonic();
  }

  #askedMs(error: unknown): number {
    const { retryAfterMs = 0 } = error instanceof CredentialError ? error : {};
    return Math.max(retryAfterMs, this.#flight.heldMs());
  }
}

/** What another try mends at once: once per flight, and beyond the count, since nothing is wrong. */
type Mendable = "assertion" | "connection";

function mendableBy(error: unknown): Mendable | undefined {
  if (retryReason(error) === "assertion_expired") return "assertion";
  return error instanceof TransportError && error.staleConnection ? "connection" : undefined;
}

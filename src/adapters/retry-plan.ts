import type { Clock, EndureOptions } from "../core/ports.ts";
import { longestExtraMs } from "../core/retry-after-jitter.ts";
import { retryReason } from "../core/retry-rules.ts";
import { CredentialError } from "../domain/errors.ts";

/** Durations in milliseconds. */
export interface RetryRules {
  readonly maxRetries: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

// The widest step of decorrelated jitter: the next wait is drawn from the first wait to three
// times the last (aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter).
const DECORRELATION = 3;

/** Decides about the retries of one flight: whether, and after how long. */
export class RetryPlan {
  readonly #rules: RetryRules;
  readonly #clock: Clock;
  readonly #endsAt: number;
  readonly #onRetry: EndureOptions["onRetry"];
  #retries = 0;
  #assertionRenewed = false;
  #lastWaitMs: number;

  constructor(
    rules: RetryRules,
    flight: {
      readonly clock: Clock;
      readonly deadlineMs: number;
      readonly onRetry: EndureOptions["onRetry"];
    },
  ) {
    this.#rules = rules;
    this.#clock = flight.clock;
    this.#endsAt = flight.clock.monotonic() + flight.deadlineMs;
    this.#onRetry = flight.onRetry;
    this.#lastWaitMs = rules.backoffMs;
  }

  /** Whether an attempt that failed so is worth another. */
  allows(error: unknown): boolean {
    const reason = retryReason(error);
    if (reason === undefined) return false;
    // One renewal, at once and beyond the count: the authority was well and said what is wrong.
    if (reason === "assertion_expired") return !this.#assertionRenewed;
    return this.#retries < this.#rules.maxRetries && this.#fits(error);
  }

  /** Counts and announces a retry, and tells how long to wait before it, in milliseconds. */
  book(error: unknown): number {
    const reason = retryReason(error);
    if (reason === undefined) return 0;
    const delayMs = reason === "assertion_expired" ? this.#renewal() : this.#backoff(error);
    this.#onRetry({ reason, delayMs });
    return delayMs;
  }

  #renewal(): number {
    this.#assertionRenewed = true;
    return 0;
  }

  #backoff(error: unknown): number {
    this.#retries += 1;
    const asked = retryAfterMsOf(error);
    if (asked !== undefined) return asked + this.#clock.chance() * longestExtraMs(asked);

    const { backoffMs, maxBackoffMs } = this.#rules;
    const span = this.#lastWaitMs * DECORRELATION - backoffMs;
    this.#lastWaitMs = Math.min(maxBackoffMs, backoffMs + this.#clock.chance() * span);
    return this.#lastWaitMs;
  }

  // A wait beyond the deadline would end in it: better to say at once when to ask again.
  #fits(error: unknown): boolean {
    const asked = retryAfterMsOf(error);
    return (
      asked === undefined || asked + longestExtraMs(asked) < this.#endsAt - this.#clock.monotonic()
    );
  }
}

function retryAfterMsOf(error: unknown): number | undefined {
  return error instanceof CredentialError ? error.retryAfterMs : undefined;
}

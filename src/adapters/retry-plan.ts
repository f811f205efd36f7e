import type { Clock, EndureOptions } from "../core/ports.ts";
import { longestExtraMs } from "../core/retry-after-jitter.ts";
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

export interface RetriedFlight extends Pick<EndureOptions, "maxRetries" | "onRetry"> {
  readonly clock: Clock;
  readonly deadlineMs: number;
}

/** Decides about the retries of one flight: whether, and after how long. */
export class RetryPlan {
  readonly #rules: RetryRules;
  readonly #flight: RetriedFlight;
  readonly #endsAt: number;
  readonly #mended = new Set<Mendable>();
  #retries = 0;
  #lastWaitMs: number;

  constructor(rules: RetryRules, flight: RetriedFlight) {
    this.#rules = rules;
    this.#flight = flight;
    this.#endsAt = flight.clock.monotonic() + flight.deadlineMs;
    this.#lastWaitMs = rules.backoffMs;
  }

  /** Whether an attempt that failed so is worth another. */
  allows(error: unknown): boolean {
    if (retryReason(error) === undefined) return false;
    const mendable = mendableBy(error);
    if (mendable !== undefined && !this.#mended.has(mendable)) return true;
    if (mendable === "assertion") return false;
    const most = Math.min(this.#rules.maxRetries, this.#flight.maxRetries());
    return this.#retries < most && this.#fits(error);
  }

  /** Counts and announces a retry, and tells how long to wait before it, in milliseconds. */
  book(error: unknown): number {
    const reason = retryReason(error);
    if (reason === undefined) return 0;
    const mendable = mendableBy(error);
    const isAtOnce = mendable !== undefined && !this.#mended.has(mendable);
    if (isAtOnce) this.#mended.add(mendable);
    const delayMs = isAtOnce ? 0 : this.#backoff(error);
    this.#flight.onRetry({ reason, delayMs });
    return delayMs;
  }

  #backoff(error: unknown): number {
    this.#retries += 1;
    const { clock } = this.#flight;
    const { backoffMs, maxBackoffMs } = this.#rules;
    const span = this.#lastWaitMs * DECORRELATION - backoffMs;
    this.#lastWaitMs = Math.min(maxBackoffMs, backoffMs + clock.chance() * span);

    const asked = retryAfterMsOf(error) ?? 0;
    return Math.max(this.#lastWaitMs, asked + clock.chance() * longestExtraMs(asked));
  }

  // A wait beyond the deadline would end in it: better to say at once when to ask again.
  #fits(error: unknown): boolean {
    const asked = retryAfterMsOf(error);
    const leftMs = this.#endsAt - this.#flight.clock.monotonic();
    return asked === undefined || asked + longestExtraMs(asked) < leftMs;
  }
}

/** What another try mends at once: once per flight, and beyond the count, since nothing is wrong. */
type Mendable = "assertion" | "connection";

function mendableBy(error: unknown): Mendable | undefined {
  if (retryReason(error) === "assertion_expired") return "assertion";
  return error instanceof TransportError && error.staleConnection ? "connection" : undefined;
}

function retryAfterMsOf(error: unknown): number | undefined {
  return error instanceof CredentialError ? error.retryAfterMs : undefined;
}

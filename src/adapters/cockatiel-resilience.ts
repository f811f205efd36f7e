import {
  DelegateBackoff,
  handleWhen,
  type IRetryBackoffContext,
  type RetryPolicy,
  retry,
  TaskCancelledError,
  type TimeoutPolicy,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";
import type { CircuitState } from "../core/events.ts";
import type { Attempt, Clock, EndureOptions, Resilience } from "../core/ports.ts";
import { AcquisitionTimeoutError, CredentialError } from "../domain/errors.ts";
import { orAborted } from "../domain/or-aborted.ts";
import type { CircuitRules } from "./origin-circuit.ts";
import { OriginGuard } from "./origin-guard.ts";
import { RetryPlan, type RetryRules } from "./retry-plan.ts";

/** Durations in milliseconds. */
export interface ResilienceRules extends RetryRules {
  readonly deadlineMs: number;
  readonly attemptTimeoutMs: number;
  /** False switches the breaker off. */
  readonly circuitBreaker: CircuitRules | false;
}

/**
 * The policy stack: deadline( retry( assertion, then bulkhead( breaker( attempt timeout( POST ))))).
 *
 * Deadline and retry are made per flight, since what they count is a flight's own; bulkhead and
 * breaker are those of the origin.
 */
export class CockatielResilience implements Resilience {
  readonly #rules: ResilienceRules;
  readonly #clock: Clock;
  readonly #circuitChanged: (state: CircuitState) => void;
  readonly #guards = new Map<string, OriginGuard>();

  constructor(rules: ResilienceRules, clock: Clock, circuitChanged: (state: CircuitState) => void) {
    this.#rules = rules;
    this.#clock = clock;
    this.#circuitChanged = circuitChanged;
  }

  async run<T>(operation: (attempt: Attempt) => Promise<T>, options: EndureOptions): Promise<T> {
    const policy = wrap(timeLimit(this.#rules.deadlineMs), this.#retry(options));
    const guardOfOrigin = this.#guardOf(options.origin);
    let number = 0;
    let lastError: CredentialError | undefined;
    const overdue = () => this.#overdue(lastError);

    const attempted = async ({ signal: cockatiels }: { readonly signal: AbortSignal }) => {
      const signal = withReason(cockatiels, () =>
        options.signal.aborted ? options.signal.reason : overdue(),
      );
      // Cockatiel makes one more attempt when the time ran out during a wait.
      signal.throwIfAborted();
      // Before the assertion is asked for: it would be made in vain.
      guardOfOrigin.refuseIfOpen();
      number += 1;
      const guard: Attempt["guard"] = (post) => this.#guard(post, guardOfOrigin, signal);
      try {
        return await operation({ number, signal, guard });
      } catch (error) {
        if (error instanceof CredentialError) lastError = error;
        throw error;
      }
    };

    try {
      // Raced, since cockatiel's wait before a retry is not cut short by an abort.
      return await orAborted(policy.execute(attempted, options.signal), options.signal);
    } catch (error) {
      throw timedOut(error, options.signal, overdue);
    }
  }

  async #guard<T>(
    post: (signal: AbortSignal) => Promise<T>,
    guard: OriginGuard,
    signal: AbortSignal,
  ): Promise<T> {
    const { attemptTimeoutMs: timeoutMs } = this.#rules;
    return guard.run(async () => {
      try {
        return await timeLimit(timeoutMs).execute(({ signal }) => post(signal), signal);
      } catch (error) {
        throw timedOut(error, signal, () => unanswered(timeoutMs));
      }
    }, signal);
  }

  #retry({ maxRetries, onRetry }: EndureOptions): RetryPolicy {
    const { deadlineMs } = this.#rules;
    const plan = new RetryPlan(this.#rules, {
      clock: this.#clock,
      deadlineMs,
      maxRetries,
      onRetry,
    });
    return retry(
      handleWhen((error) => plan.allows(error)),
      {
        // The plan counts, and may go beyond its own count.
        maxAttempts: Number.POSITIVE_INFINITY,
        backoff: new DelegateBackoff<IRetryBackoffContext<unknown>>(({ result }) =>
          plan.book("error" in result ? result.error : undefined),
        ),
      },
    ).dangerouslyUnref();
  }

  #overdue(lastError: CredentialError | undefined): AcquisitionTimeoutError {
    const { deadlineMs: timeoutMs } = this.#rules;
    return new AcquisitionTimeoutError(`No token within ${timeoutMs} ms (resilience.deadlineMs).`, {
      budget: "deadline",
      timeoutMs,
      ...(lastError ? { cause: lastError.reissue() } : {}),
    });
  }

  #guardOf(origin: string): OriginGuard {
    const known = this.#guards.get(origin);
    if (known !== undefined) return known;
    const guard = new OriginGuard(this.#rules.circuitBreaker, this.#clock, this.#circuitChanged);
    this.#guards.set(origin, guard);
    return guard;
  }
}

// Unreferenced: what keeps the process alive while somebody waits is the credential's to say.
function timeLimit(ms: number): TimeoutPolicy {
  // Else the signal would fire after each success as well, and whoever listens would cancel.
  const options = { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false };
  return timeout(ms, options).dangerouslyUnref();
}

// Cockatiel's own signals fire without a reason, and whoever is cut off asks for one.
function withReason(cockatiels: AbortSignal, reason: () => unknown): AbortSignal {
  const abort = new AbortController();
  const onAbort = () => abort.abort(reason());
  if (cockatiels.aborted) onAbort();
  else cockatiels.addEventListener("abort", onAbort, { once: true });
  return abort.signal;
}

// An abort from outside also ends a time limit with "timed out", so the signal is asked first.
function timedOut(error: unknown, outside: AbortSignal, timeoutError: () => Error): unknown {
  if (outside.aborted) return outside.reason;
  return error instanceof TaskCancelledError ? timeoutError() : error;
}

function unanswered(timeoutMs: number): AcquisitionTimeoutError {
  return new AcquisitionTimeoutError(
    `No answer to the token request within ${timeoutMs} ms (resilience.attemptTimeoutMs).`,
    { budget: "attempt", timeoutMs },
  );
}

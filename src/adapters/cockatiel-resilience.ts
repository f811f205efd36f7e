import {
  DelegateBackoff,
  handleWhen,
  type NoopPolicy,
  noop,
  type RetryPolicy,
  retry,
  TaskCancelledError,
  type TimeoutPolicy,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";
import type {
  Attempt,
  CircuitChange,
  CircuitStatus,
  Clock,
  EndureOptions,
  Resilience,
} from "../core/ports.ts";
import { AcquisitionTimeoutError, CredentialError } from "../domain/errors.ts";
import { orAborted } from "../domain/or-aborted.ts";
import { type GuardRules, OriginGuard } from "./origin-guard.ts";
import { RetryPlan, type RetryRules } from "./retry-plan.ts";

/** Durations in milliseconds; an infinite one is none. */
export interface ResilienceRules extends RetryRules, GuardRules {
  readonly deadlineMs: number;
  readonly attemptTimeoutMs: number;
  readonly assertionTimeoutMs: number;
}

// A POST that was given so much of its time has failed, whoever stopped waiting.
const FAIR_SHARE = 0.5;

/**
 * The policy stack: deadline( retry( assertion, then bulkhead( breaker( attempt timeout( POST ))))).
 *
 * Deadline and retry are made per flight, since what they count is a flight's own; retry budget,
 * bulkhead and breaker are those of the origin. Any number of credentials may share one.
 */
export class CockatielResilience implements Resilience {
  readonly name: string | undefined;
  readonly #rules: ResilienceRules;
  readonly #clock: Clock;
  readonly #guards = new Map<string, OriginGuard>();
  readonly #listeners = new Set<(change: CircuitChange) => void>();

  constructor(rules: ResilienceRules, clock: Clock, name?: string) {
    this.name = name;
    this.#rules = rules;
    this.#clock = clock;
  }

  async run<T>(operation: (attempt: Attempt) => Promise<T>, options: EndureOptions): Promise<T> {
    const guard = this.#guardOf(options.origin);
    const policy = wrap(timeLimit(this.#rules.deadlineMs), this.#retry(options, guard));
    let number = 0;
    let hasSent = false;
    let lastError: CredentialError | undefined;
    const overdue = () => this.#overdue(lastError);

    const attempted = async ({ signal: cockatiels }: { readonly signal: AbortSignal }) => {
      const signal = withReason(cockatiels, () =>
        options.signal.aborted ? options.signal.reason : overdue(),
      );
      // Cockatiel makes one more attempt when the time ran out during a wait.
      signal.throwIfAborted();
      // Before the assertion is asked for: it would be made in vain.
      options.admit();
      guard.refuseIfOpen();
      number += 1;
      try {
        return await operation({
          number,
          previous: lastError,
          signal,
          assertionTimeoutMs: this.#rules.assertionTimeoutMs,
          guard: (post) => {
            const isRetry = hasSent;
            const timed = () => {
              hasSent = true;
              return this.#timed(post, signal);
            };
            return guard.run({ post: timed, admit: options.admit, isRetry, signal });
          },
        });
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

  circuit(origin: string): CircuitStatus {
    return this.#guardOf(origin).status();
  }

  retriesLeft(origin: string): number | undefined {
    return this.#guardOf(origin).retriesLeft();
  }

  onCircuitChange(listener: (change: CircuitChange) => void): () => void {
    // A function of its own, so that one listener may listen twice and stop once.
    const told = (change: CircuitChange) => listener(change);
    this.#listeners.add(told);
    return () => void this.#listeners.delete(told);
  }

  async #timed<T>(post: (signal: AbortSignal) => Promise<T>, outside: AbortSignal): Promise<T> {
    const { attemptTimeoutMs: timeoutMs, deadlineMs } = this.#rules;
    const startedAt = this.#clock.monotonic();
    try {
      const limit = timeLimit(timeoutMs);
      // Raced, or a transport that is deaf to its signal would keep its place when nothing limits it.
      return await orAborted(
        limit.execute(({ signal }) => post(signal), outside),
        outside,
      );
    } catch (error) {
      const waitedMs = this.#clock.monotonic() - startedAt;
      const isFair = waitedMs >= Math.min(timeoutMs, deadlineMs) * FAIR_SHARE;
      // Else an authority that hangs would never be found out under a deadline shorter than this.
      if (isFair && isDeadline(outside)) throw unanswered(Math.round(waitedMs), "deadlineMs");
      throw timedOut(error, outside, () => unanswered(timeoutMs, "attemptTimeoutMs"));
    }
  }

  #retry({ maxRetries, heldMs, onRetry }: EndureOptions, guard: OriginGuard): RetryPolicy {
    const plan = new RetryPlan(this.#rules, {
      clock: this.#clock,
      deadlineMs: this.#rules.deadlineMs,
      maxRetries,
      heldMs,
      onRetry,
      takeRetry: () => guard.takeRetry(),
    });
    return retry(
      handleWhen((error) => plan.decide(error)),
      {
        // The plan counts, and may go beyond its own count.
        maxAttempts: Number.POSITIVE_INFINITY,
        backoff: new DelegateBackoff(() => plan.nextWaitMs),
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
    const changed = (state: CircuitChange["state"]) => this.#tell({ origin, state });
    const guard = new OriginGuard(this.#rules, this.#clock, changed);
    this.#guards.set(origin, guard);
    return guard;
  }

  // What a listener throws would become the error of the request that changed the circuit.
  #tell(change: CircuitChange): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(change);
      } catch {}
    }
  }
}

// Unreferenced: what keeps the process alive while somebody waits is the credential's to say.
function timeLimit(ms: number): TimeoutPolicy | NoopPolicy {
  if (ms === Number.POSITIVE_INFINITY) return noop;
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

function isDeadline({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof AcquisitionTimeoutError && reason.budget === "deadline";
}

function unanswered(timeoutMs: number, limit: keyof ResilienceRules): AcquisitionTimeoutError {
  return new AcquisitionTimeoutError(
    `No answer to the token request within ${timeoutMs} ms (resilience.${limit}).`,
    { budget: "attempt", timeoutMs },
  );
}

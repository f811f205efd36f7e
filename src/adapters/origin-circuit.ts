import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState as CockatielState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from "cockatiel";
import type { CircuitState } from "../core/events.ts";
import type { Clock } from "../core/ports.ts";
import { isAuthorityFailure } from "../core/retry-rules.ts";
import { CircuitOpenError, CredentialError, TokenEndpointError } from "../domain/errors.ts";

export interface CircuitRules {
  /** Failures in a row that open the circuit. */
  readonly failures: number;
  /** How long it stays open before one request may try, in milliseconds. */
  readonly openMs: number;
}

const STATES: Readonly<Record<CockatielState, CircuitState>> = {
  [CockatielState.Closed]: "closed",
  [CockatielState.Open]: "open",
  [CockatielState.HalfOpen]: "half_open",
  [CockatielState.Isolated]: "open",
};

/** The circuit breaker of one origin: counts the authority's failures, and nobody else's. */
export class OriginCircuit {
  readonly #rules: CircuitRules;
  readonly #clock: Clock;
  readonly #breaker: CircuitBreakerPolicy;
  #opensUntil = 0;

  constructor(rules: CircuitRules, clock: Clock, changed: (state: CircuitState) => void) {
    this.#rules = rules;
    this.#clock = clock;
    this.#breaker = circuitBreaker(
      handleWhen((error) => this.#counts(error)),
      { breaker: new ConsecutiveBreaker(rules.failures), halfOpenAfter: rules.openMs },
    );
    this.#breaker.onBreak(() => {
      this.#opensUntil = clock.now() + rules.openMs;
    });
    this.#breaker.onStateChange((state) => changed(STATES[state]));
  }

  /**
   * Runs a request if the circuit allows it.
   *
   * @throws CircuitOpenError when it does not; nothing was sent.
   */
  async run<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await this.#breaker.execute(request, signal);
    } catch (error) {
      throw error instanceof BrokenCircuitError ? this.#open() : error;
    }
  }

  // An error the breaker does not count closes a half-open circuit. A refusal may, being an
  // answer; a request that was given up proves nothing, so there it counts as a failure.
  #counts(error: unknown): boolean {
    if (isAuthorityFailure(error)) return true;
    const isRefusal = error instanceof TokenEndpointError;
    return !isRefusal && this.#breaker.state === CockatielState.HalfOpen;
  }

  #open(): CircuitOpenError {
    const retryAfterMs = Math.max(0, this.#opensUntil - this.#clock.now());
    const last = this.#breaker.lastFailure;
    const cause = last !== undefined && "error" in last ? last.error : undefined;
    return new CircuitOpenError(
      `The circuit is open after ${this.#rules.failures} failures of the authority in a row; ` +
        `no request was sent. Try again in ${retryAfterMs} ms.`,
      { retryAfterMs, ...(cause instanceof CredentialError ? { cause: cause.reissue() } : {}) },
    );
  }
}

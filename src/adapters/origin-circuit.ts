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
  readonly #changed: (state: CircuitState) => void;
  #breaker: CircuitBreakerPolicy;
  /** On the monotonic clock. */
  #openUntil = 0;

  /** @param changed Told of each change of state; must not throw. */
  constructor(rules: CircuitRules, clock: Clock, changed: (state: CircuitState) => void) {
    this.#rules = rules;
    this.#clock = clock;
    this.#changed = changed;
    this.#breaker = this.#newBreaker();
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
      if (!(error instanceof BrokenCircuitError)) throw error;
      if (this.#clock.monotonic() < this.#openUntil) throw this.#openError();
    }
    // Cockatiel counts the open time by the wall clock, which was set back meanwhile.
    this.#breaker = this.#newBreaker(this.#breaker.toJSON());
    return this.#breaker.execute(request, signal);
  }

  #newBreaker(open?: unknown): CircuitBreakerPolicy {
    const { failures, openMs } = this.#rules;
    const breaker = circuitBreaker(
      handleWhen((error) => this.#counts(error)),
      {
        breaker: new ConsecutiveBreaker(failures),
        halfOpenAfter: openMs,
        ...(open === undefined ? {} : { initialState: openedLongAgo(open) }),
      },
    );
    breaker.onBreak(() => {
      this.#openUntil = this.#clock.monotonic() + openMs;
    });
    breaker.onStateChange((state) => this.#changed(STATES[state]));
    return breaker;
  }

  // An error the breaker does not count closes a half-open circuit. A refusal may, being an
  // answer; a request that was given up proves nothing, so there it counts as a failure.
  #counts(error: unknown): boolean {
    if (isAuthorityFailure(error)) return true;
    const isRefusal = error instanceof TokenEndpointError;
    return !isRefusal && this.#breaker.state === CockatielState.HalfOpen;
  }

  #openError(): CircuitOpenError {
    const retryAfterMs = Math.max(0, Math.ceil(this.#openUntil - this.#clock.monotonic()));
    const last = this.#breaker.lastFailure;
    const cause = last !== undefined && "error" in last ? last.error : undefined;
    return new CircuitOpenError(
      `The circuit is open after ${this.#rules.failures} failures of the authority in a row; ` +
        "no request was sent.",
      { retryAfterMs, ...(cause instanceof CredentialError ? { cause } : {}) },
    );
  }
}

// The shape of cockatiel's own toJSON, with the opening moved to where any clock has passed it.
function openedLongAgo(state: unknown): unknown {
  if (typeof state !== "object" || state === null || !("ownState" in state)) return state;
  return {
    ...state,
    ownState: Object.assign({}, state.ownState, { openedAt: Number.NEGATIVE_INFINITY }),
  };
}

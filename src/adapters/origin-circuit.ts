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
import { CircuitOpenError, type CredentialError, TokenEndpointError } from "../domain/errors.ts";

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

/** What the authority said: a token or a refusal. Either is an answer, and good news for the circuit. */
type Answer<T> = { readonly value: T } | { readonly refusal: TokenEndpointError };

/** A failure that says nothing about the authority, carried past the breaker. */
class Uncounted extends Error {
  readonly failure: unknown;

  constructor(failure: unknown) {
    super("uncounted");
    this.failure = failure;
  }
}

/** The circuit breaker of one origin: counts the authority's failures, and nobody else's. */
export class OriginCircuit {
  readonly #rules: CircuitRules;
  readonly #clock: Clock;
  readonly #changed: (state: CircuitState) => void;
  #breaker: CircuitBreakerPolicy;
  /** On the monotonic clock. */
  #openUntil = 0;
  #lastFailure: CredentialError | undefined;
  /** Counts the counted: requests under way together fail together, and are one failure in a row. */
  #row = 0;

  /** @param changed Told of each change of state; must not throw. */
  constructor(rules: CircuitRules, clock: Clock, changed: (state: CircuitState) => void) {
    this.#rules = rules;
    this.#clock = clock;
    this.#changed = changed;
    this.#breaker = this.#newBreaker();
  }

  /** @throws CircuitOpenError when no request would be let through now. */
  refuseIfOpen(): void {
    const { state } = this.#breaker;
    const isWaiting = state === CockatielState.Open && this.#clock.monotonic() < this.#openUntil;
    // A probe is under way. Cockatiel would let callers queue behind it, and all run at its end.
    if (isWaiting || state === CockatielState.HalfOpen) throw this.#openError();
  }

  /**
   * Runs a request if the circuit allows it.
   *
   * @throws CircuitOpenError when it does not; nothing was sent.
   */
  async run<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    this.refuseIfOpen();
    const isProbe = this.#breaker.state === CockatielState.Open;
    // Its time is over. Cockatiel would ask the wall clock, which may have been set back.
    if (isProbe) this.#breaker = this.#newBreaker(openedLongAgo(this.#breaker.toJSON()));

    const row = this.#row;
    try {
      const answer = await this.#breaker.execute(() => this.#answer(request, row), signal);
      if ("refusal" in answer) throw answer.refusal;
      return answer.value;
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw this.#openError();
      if (!(error instanceof Uncounted)) throw error;
      // A probe that was given up is no verdict: the next caller may try at once.
      if (isProbe) this.#openUntil = 0;
      throw error.failure;
    }
  }

  async #answer<T>(request: () => Promise<T>, row: number): Promise<Answer<T>> {
    try {
      return { value: await request() };
    } catch (error) {
      if (error instanceof TokenEndpointError && !isAuthorityFailure(error)) {
        return { refusal: error };
      }
      if (!isAuthorityFailure(error) || row !== this.#row) throw new Uncounted(error);
      this.#row += 1;
      this.#lastFailure = error;
      throw error;
    }
  }

  #newBreaker(initialState?: unknown): CircuitBreakerPolicy {
    const { failures, openMs } = this.#rules;
    const breaker = circuitBreaker(
      // What cockatiel does not count closes a half-open circuit, so there all is counted.
      handleWhen(
        (error) => !(error instanceof Uncounted) || breaker.state === CockatielState.HalfOpen,
      ),
      {
        breaker: new ConsecutiveBreaker(failures),
        halfOpenAfter: openMs,
        ...(initialState === undefined ? {} : { initialState }),
      },
    );
    breaker.onBreak(() => {
      this.#openUntil = this.#clock.monotonic() + openMs;
    });
    breaker.onStateChange((state) => this.#changed(STATES[state]));
    return breaker;
  }

  #openError(): CircuitOpenError {
    const retryAfterMs = Math.max(0, Math.ceil(this.#openUntil - this.#clock.monotonic()));
    const cause = this.#lastFailure;
    return new CircuitOpenError(
      `The circuit is open after ${this.#rules.failures} failures of the authority in a row; ` +
        "no request was sent.",
      { retryAfterMs, ...(cause === undefined ? {} : { cause }) },
    );
  }
}

// The shape of cockatiel's own toJSON, with the opening moved to where any clock has passed it.
function openedLongAgo(state: unknown): unknown {
  if (typeof state !== "object" || state === null || !("ownState" in state)) return state;
  const ownState = Object.assign({}, state.ownState, { openedAt: Number.NEGATIVE_INFINITY });
  return { ...state, ownState };
}

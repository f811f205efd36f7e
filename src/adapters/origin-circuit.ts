import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState as CockatielState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from "cockatiel";
import type { CircuitState } from "../core/events.ts";
import type { CircuitStatus, Clock } from "../core/ports.ts";
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
  /** One request tries whether the authority is back: all others are refused. */
  #isProbing = false;
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

  /** The state as it is now: nothing happens by itself when the open time is over. */
  status(): CircuitStatus {
    if (this.#breaker.state === CockatielState.Closed) return { state: "closed", retryAfterMs: 0 };
    const retryAfterMs = this.#retryAfterMs();
    return { state: retryAfterMs > 0 && !this.#isProbing ? "open" : "half_open", retryAfterMs };
  }

  /** @throws CircuitOpenError when no request would be let through now. */
  refuseIfOpen(): void {
    if (this.#breaker.state === CockatielState.Closed) return;
    if (!this.#isProbing && this.#retryAfterMs() === 0) return;
    throw this.#openError();
  }

  /**
   * Runs a request if the circuit allows it.
   *
   * @throws CircuitOpenError when it does not; nothing was sent.
   */
  async run<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    this.refuseIfOpen();
    const isProbe = this.#breaker.state !== CockatielState.Closed;
    if (isProbe) this.#beginProbe();

    const row = this.#row;
    try {
      const judged = () => this.#judged(request, { row, isProbe });
      const answer = await this.#breaker.execute(judged, signal);
      if ("refusal" in answer) throw answer.refusal;
      return answer.value;
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw this.#openError();
      throw error instanceof Uncounted ? error.failure : error;
    }
  }

  // Cockatiel would ask the wall clock whether the time is over, which may have been set back; and
  // of a probe that was given up it may not have heard yet.
  #beginProbe(): void {
    this.#breaker = this.#newBreaker(openedLongAgo(this.#breaker.toJSON()));
    this.#isProbing = true;
  }

  async #judged<T>(
    request: () => Promise<T>,
    { row, isProbe }: { readonly row: number; readonly isProbe: boolean },
  ): Promise<Answer<T>> {
    try {
      return { value: await request() };
    } catch (error) {
      if (error instanceof TokenEndpointError && !isAuthorityFailure(error)) {
        return { refusal: error };
      }
      const isCounted = isAuthorityFailure(error) && row === this.#row;
      if (isProbe) this.#probeFailed(isCounted);
      if (!isCounted) throw new Uncounted(error);
      this.#row += 1;
      this.#lastFailure = error;
      throw error;
    }
  }

  // At once, not when cockatiel has heard of it. A probe that was given up is no verdict: the next
  // caller may try.
  #probeFailed(isVerdict: boolean): void {
    this.#isProbing = false;
    this.#openUntil = isVerdict ? this.#nextTry() : 0;
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
    let before = breaker.state;
    breaker.onStateChange((state) => {
      // After a probe the time is set already.
      if (before === CockatielState.Closed) this.#openUntil = this.#nextTry();
      before = state;
      // The probe after the one that was given up has its own.
      if (breaker !== this.#breaker) return;
      if (state === CockatielState.Closed) this.#isProbing = false;
      this.#changed(STATES[state]);
    });
    return breaker;
  }

  #nextTry(): number {
    return this.#clock.monotonic() + this.#rules.openMs;
  }

  #retryAfterMs(): number {
    return Math.max(0, Math.ceil(this.#openUntil - this.#clock.monotonic()));
  }

  #openError(): CircuitOpenError {
    const cause = this.#lastFailure;
    return new CircuitOpenError(
      `The circuit is open after ${this.#rules.failures} failures of the authority in a row; ` +
        "no request was sent.",
      { retryAfterMs: this.#retryAfterMs(), ...(cause === undefined ? {} : { cause }) },
    );
  }
}

// The shape of cockatiel's own toJSON, with the opening moved to where any clock has passed it.
function openedLongAgo(state: unknown): unknown {
  if (typeof state !== "object" || state === null || !("ownState" in state)) return state;
  const ownState = Object.assign({}, state.ownState, { openedAt: Number.NEGATIVE_INFINITY });
  return { ...state, ownState };
}

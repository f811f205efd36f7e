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
import {
  AcquisitionTimeoutError,
  CircuitOpenError,
  type CredentialError,
  TokenEndpointError,
} from "../domain/errors.ts";

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

/** Each is an object of its own, to be told from the next. */
interface Probe {
  /** On the monotonic clock. */
  readonly startedAt: number;
}

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
  /** The request that tries whether the authority is back: while it does, all others are refused. */
  #probe: Probe | undefined;
  #lastFailure: CredentialError | undefined;
  /**
   * How many failures were counted so far. One of a request that began before the last of them is not
   * counted again: requests under way together fail together.
   */
  #counted = 0;

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
    const isOpen = retryAfterMs > 0 && !this.#isProbing();
    return { state: isOpen ? "open" : "half_open", retryAfterMs };
  }

  /** @throws CircuitOpenError when no request would be let through now. */
  refuseIfOpen(): void {
    if (this.#breaker.state === CockatielState.Closed) return;
    if (!this.#isProbing() && this.#retryAfterMs() === 0) return;
    throw this.#openError();
  }

  /**
   * Runs a request if the circuit allows it.
   *
   * @throws CircuitOpenError when it does not; nothing was sent.
   */
  async run<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    this.refuseIfOpen();
    const probe =
      this.#breaker.state === CockatielState.Closed ? undefined : this.#beginProbe(signal);
    const counted = this.#counted;
    try {
      const judged = () => this.#judged(request, { counted, probe });
      const answer = await this.#breaker.execute(judged, signal);
      if ("refusal" in answer) throw answer.refusal;
      return answer.value;
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw this.#openError();
      throw error instanceof Uncounted ? error.failure : error;
    }
  }

  // A probe that is still unanswered when the next would have been due keeps nobody from trying.
  #isProbing(): boolean {
    const { startedAt } = this.#probe ?? { startedAt: Number.NEGATIVE_INFINITY };
    return this.#clock.monotonic() - startedAt < this.#rules.openMs;
  }

  // Cockatiel would ask the wall clock whether the time is over, which may have been set back; and
  // of a probe that was given up it may not have heard yet.
  #beginProbe(signal: AbortSignal): Probe {
    this.#breaker = this.#newBreaker(openedLongAgo(this.#breaker.toJSON()));
    const probe = { startedAt: this.#clock.monotonic() };
    this.#probe = probe;
    // At once, not when the request has noticed: whoever comes in between may try as well. What a
    // deadline says of the authority the request knows.
    const onAbort = () => {
      if (!(signal.reason instanceof AcquisitionTimeoutError)) this.#probeFailed(probe, false);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    return probe;
  }

  async #judged<T>(
    request: () => Promise<T>,
    { counted, probe }: { readonly counted: number; readonly probe: Probe | undefined },
  ): Promise<Answer<T>> {
    try {
      return { value: await request() };
    } catch (error) {
      if (error instanceof TokenEndpointError && !isAuthorityFailure(error)) {
        return { refusal: error };
      }
      const isCounted = isAuthorityFailure(error) && counted === this.#counted;
      if (probe !== undefined) this.#probeFailed(probe, isCounted);
      if (!isCounted) throw new Uncounted(error);
      this.#counted += 1;
      this.#lastFailure = error;
      throw error;
    }
  }

  // A probe that was given up is no verdict: the next caller may try.
  #probeFailed(probe: Probe, isVerdict: boolean): void {
    if (this.#probe !== probe) return;
    this.#probe = undefined;
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
      if (state === CockatielState.Closed) this.#probe = undefined;
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

import type { CircuitState } from "../core/events.ts";
import type { CircuitStatus, Clock } from "../core/ports.ts";
import { isAuthorityFailure } from "../core/retry-rules.ts";
import { TokenEndpointError } from "../domain/errors.ts";
import { type CircuitRules, OriginCircuit } from "./origin-circuit.ts";
import { RecoveryRamp } from "./recovery-ramp.ts";
import { type BulkheadRules, RequestQueue } from "./request-queue.ts";
import { type BudgetRules, RetryBudget } from "./retry-budget.ts";

/** Each can be switched off. */
export interface GuardRules {
  readonly circuitBreaker: CircuitRules | false;
  readonly bulkhead: BulkheadRules | false;
  readonly retryBudget: BudgetRules | false;
}

/** A request on its way through the guard. */
export interface GuardedRequest<T> {
  readonly post: () => Promise<T>;
  /** Throws when it is no longer wanted; asked in its turn, and counted by nobody. */
  readonly admit: () => void;
  readonly isRetry: boolean;
  readonly signal: AbortSignal;
}

const UNLIMITED: BulkheadRules = {
  concurrent: Number.POSITIVE_INFINITY,
  queued: Number.POSITIVE_INFINITY,
};

const CLOSED: CircuitStatus = { state: "closed", retryAfterMs: 0 };

/**
 * What stands between all flights and one origin: so many requests at once, fewer while it recovers,
 * none while its circuit is open, and few retries.
 */
export class OriginGuard {
  readonly #ramp: RecoveryRamp;
  readonly #queue: RequestQueue;
  readonly #budget: RetryBudget | undefined;
  readonly #circuit: OriginCircuit | undefined;
  readonly #changed: (state: CircuitState) => void;

  /** @param changed Told of each change of the circuit; must not throw. */
  constructor(rules: GuardRules, clock: Clock, changed: (state: CircuitState) => void) {
    const { circuitBreaker, bulkhead, retryBudget } = rules;
    this.#ramp = new RecoveryRamp(clock);
    this.#queue = new RequestQueue(bulkhead || UNLIMITED, () => this.#ramp.hasRoom());
    this.#budget = retryBudget === false ? undefined : new RetryBudget(retryBudget, clock);
    this.#circuit =
      circuitBreaker === false
        ? undefined
        : new OriginCircuit(circuitBreaker, clock, (state) => this.#circuitChanged(state));
    this.#changed = changed;
  }

  status(): CircuitStatus {
    return this.#circuit?.status() ?? CLOSED;
  }

  /** @throws CircuitOpenError when no request would be let through now. */
  refuseIfOpen(): void {
    this.#circuit?.refuseIfOpen();
  }

  /** Retries that the budget would allow now; undefined without one. */
  retriesLeft(): number | undefined {
    return this.#budget?.left();
  }

  /** Takes one retry out of the origin's budget; false when there is none left. */
  takeRetry(): boolean {
    return this.#budget?.take() ?? true;
  }

  /**
   * Runs a request when there is room for it and the circuit allows it. The wait for room counts
   * against the deadline alone; nothing that was given up meanwhile is run.
   *
   * @throws CircuitOpenError when the circuit is open.
   * @throws TransportError when too many wait already.
   */
  async run<T>(request: GuardedRequest<T>): Promise<T> {
    const { signal } = request;
    try {
      return await this.#queue.run(() => this.#admitted(request), signal);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }

  async #admitted<T>({ post, admit, isRetry, signal }: GuardedRequest<T>): Promise<T> {
    admit();
    this.refuseIfOpen();
    // As late as this, so that nothing that was given up in the queue is sent.
    signal.throwIfAborted();
    if (!isRetry) this.#budget?.requested();
    const pass = this.#ramp.enter();
    try {
      const value = await (this.#circuit === undefined ? post() : this.#circuit.run(post, signal));
      this.#ramp.leave(pass, "answered");
      return value;
    } catch (error) {
      this.#ramp.leave(pass, whatItTells(error));
      throw error;
    }
  }

  #circuitChanged(state: CircuitState): void {
    if (state === "closed") this.#ramp.begin();
    // Whoever waits is refused by the circuit, and had better be told now.
    if (state === "open") this.#ramp.end();
    this.#changed(state);
  }
}

function whatItTells(error: unknown): "answered" | "failed" | "given_up" {
  if (isAuthorityFailure(error)) return "failed";
  return error instanceof TokenEndpointError ? "answered" : "given_up";
}

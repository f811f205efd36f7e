import { AbortError } from "../domain/abort-error.ts";
import type { CachedToken } from "../domain/cached-token.ts";
import { AcquisitionTimeoutError, CredentialError } from "../domain/errors.ts";
import { abortable, type CallerLimits } from "./abortable.ts";
import type { RefreshTrigger } from "./events.ts";
import type { LoopHold } from "./loop-hold.ts";
import type { Clock, FlightContext, FlightObservation } from "./ports.ts";

export interface FlightParts {
  readonly trigger: RefreshTrigger;
  readonly correlationId: string;
  readonly observation: FlightObservation;
  readonly clock: Clock;
  readonly hold: LoopHold;
}

/**
 * One acquisition on its way, whoever waits for it.
 *
 * It belongs to nobody. A caller that leaves leaves alone; when the last one leaves by its own
 * abort, the flight is aborted too. It goes on when a caller ran out of time, so that a timeout
 * shorter than the authority's latency still fills the cache, and when nobody ever waited.
 */
export class Flight implements FlightContext {
  readonly trigger: RefreshTrigger;
  readonly correlationId: string;
  readonly observation: FlightObservation;
  readonly #clock: Clock;
  readonly #hold: LoopHold;
  readonly #abort = new AbortController();
  readonly #landing = Promise.withResolvers<CachedToken>();
  #waiting = 0;
  #goesOn: boolean;
  #keeps = true;

  constructor({ trigger, correlationId, observation, clock, hold }: FlightParts) {
    this.trigger = trigger;
    this.correlationId = correlationId;
    this.observation = observation;
    this.#clock = clock;
    this.#hold = hold;
    this.#goesOn = trigger === "proactive";
    // Whoever waits handles the rejection; when nobody does, it is observed and remembered only.
    this.#landing.promise.catch(() => {});
  }

  /** Fires when the flight has been ended from outside. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether anybody waits now. */
  get isAwaited(): boolean {
    return this.#waiting > 0;
  }

  /** False once something newer is known: what the flight brings answers its waiters and is not kept. */
  get keeps(): boolean {
    return this.#keeps;
  }

  disown(): void {
    this.#keeps = false;
  }

  land(token: CachedToken): void {
    this.#landing.resolve(token);
  }

  /** Fails the flight: its waiters get the error, and what is still under way is destroyed. */
  end(error: Error): void {
    this.#landing.reject(error);
    this.#abort.abort(error);
  }

  /**
   * Waits for the flight within a caller's limits.
   *
   * @throws AbortError when the caller's signal fires first.
   * @throws AcquisitionTimeoutError when the caller's time runs out first.
   * @throws CredentialError, the caller's own, when the flight fails.
   */
  async wait(limits: CallerLimits): Promise<CachedToken> {
    this.#waiting += 1;
    this.#hold.take();
    try {
      return await abortable(this.#landing.promise, limits, this.#clock);
    } catch (error) {
      throw error instanceof CredentialError ? this.#failed(error) : error;
    } finally {
      this.#waiting -= 1;
      this.#hold.release();
      if (limits.signal?.aborted) this.#leftByAbort();
    }
  }

  #failed(error: CredentialError): CredentialError {
    if (!(error instanceof AcquisitionTimeoutError && error.budget === "caller")) {
      return error.reissue();
    }
    this.#goesOn = true;
    return error.reissue({ correlationId: this.correlationId });
  }

  #leftByAbort(): void {
    if (this.#waiting === 0 && !this.#goesOn) this.end(new AbortError());
  }
}

import type { CachedToken } from "../domain/cached-token.ts";
import {
  AcquisitionTimeoutError,
  CredentialClosedError,
  CredentialError,
} from "../domain/errors.ts";
import { resourceOf } from "../domain/scopes.ts";
import type { CallerLimits } from "./abortable.ts";
import type { Call } from "./call.ts";
import { type Errand, isChallenge } from "./errand.ts";
import type { TokenSource } from "./events.ts";
import type { Flight } from "./flight.ts";
import type { Flights } from "./flights.ts";
import { outcomeOf } from "./observed.ts";
import type { AcquisitionObservation, Observer } from "./ports.ts";
import { type Hold, type RefreshGate, rememberedError } from "./refresh-gate.ts";
import type { SteadyClock } from "./steady-clock.ts";

// A caller waits for a newer token for a third of what the old one has left, and not into
// its last second: the old one still has to travel.
const WAIT_SHARE = 1 / 3;
const LAST_SECOND_MS = 1_000;

// How long a refresh under way may be over before anybody notices that it failed: next to nothing,
// and thousands of calls.
const LOOK_EVERY_MS = 10;

export interface WaitingRoomParts {
  readonly flights: Flights;
  readonly gate: RefreshGate;
  readonly observer: Observer;
  readonly time: SteadyClock;
}

/** Where callers wait for a flight: one under way, or a new one if the gate lets it start. */
export class WaitingRoom {
  readonly #parts: WaitingRoomParts;
  readonly #told = new WeakSet<Hold>();

  constructor(parts: WaitingRoomParts) {
    this.#parts = parts;
  }

  /** Waits as long as the caller will. */
  async wait(errand: Errand, call: Call): Promise<CachedToken> {
    return this.#joinOrFail(errand, call, this.#observe(errand, call));
  }

  /** Waits for a newer token a short while only; in vain is no error while the old one lasts. */
  async waitBriefly(errand: Errand, call: Call, old: CachedToken): Promise<CachedToken> {
    const limits = this.#briefLimits(call, old);
    if (limits.timeoutMs === 0 || this.#isHeld(errand)) {
      this.refreshBehind(errand, old);
      this.#parts.observer.served("stale_cache", old, call.callerContext);
      return this.#used(old);
    }

    const observation = this.#observe(errand, call);
    try {
      return await this.#join(errand, limits, observation);
    } catch (error) {
      if (this.#mayServe(old, error)) {
        observation.end({ type: "acquired", source: "stale_cache", token: old });
        this.#noteStale(errand, old);
        return this.#used(old);
      }
      // The short wait was ours to choose. When the old token is gone after it, as behind a
      // suspension of the machine, the caller waits on under its own limits.
      if (isOver(error) && limits.timeoutMs !== call.timeoutMs) {
        return this.#joinOrFail(errand, call, observation);
      }
      observation.end(outcomeOf(error));
      throw error;
    }
  }

  /**
   * Starts a refresh that nobody waits for, unless one is under way or the gate holds.
   *
   * @param served The old token that a caller gets meanwhile.
   * @returns Until when nobody need look again, on the steady clock.
   */
  refreshBehind(errand: Errand, served?: CachedToken): number {
    const { flights, gate, time } = this.#parts;
    // The answer of a challenge lives for seconds only: its slot is not worth a refresh.
    if (isChallenge(errand.request)) return 0;
    if (flights.find(errand) === undefined) {
      const hold = gate.holding(errand, true);
      if (hold !== undefined) {
        if (served !== undefined) this.#noteStale(errand, served);
        return hold.until;
      }
      flights.start({ ...errand, trigger: "proactive" });
    }
    return time.now() + LOOK_EVERY_MS;
  }

  async #joinOrFail(
    errand: Errand,
    limits: CallerLimits,
    observation: AcquisitionObservation,
  ): Promise<CachedToken> {
    try {
      return await this.#join(errand, limits, observation);
    } catch (error) {
      observation.end(outcomeOf(error));
      throw error;
    }
  }

  async #join(
    errand: Errand,
    limits: CallerLimits,
    observation: AcquisitionObservation,
  ): Promise<CachedToken> {
    const { flight, source } = this.#flightFor(errand);
    observation.joined(flight.observation);
    const token = await flight.wait(limits);
    observation.end({ type: "acquired", source, token });
    return this.#used(token);
  }

  // Once for each time the gate is shut: thousands of calls may be served so.
  #noteStale(errand: Errand, token: CachedToken): void {
    const { gate, observer } = this.#parts;
    const hold = gate.holding(errand, true);
    if (hold === undefined || this.#told.has(hold)) return;
    this.#told.add(hold);
    observer.note({ type: "stale.served", token, error: hold.error });
  }

  #flightFor(errand: Errand): { readonly flight: Flight; readonly source: TokenSource } {
    const { flights, gate, time } = this.#parts;
    const underWay = flights.find(errand);
    if (underWay !== undefined) return { flight: underWay, source: "shared" };

    const hold = gate.holding(errand, false);
    if (hold !== undefined) throw rememberedError(hold, time.now());
    return { flight: flights.start(errand), source: "authority" };
  }

  #isHeld(errand: Errand): boolean {
    const { flights, gate } = this.#parts;
    return flights.find(errand) === undefined && gate.holding(errand, true) !== undefined;
  }

  #briefLimits(
    { signal, timeoutMs = Number.POSITIVE_INFINITY }: Call,
    token: CachedToken,
  ): CallerLimits {
    const leftMs = token.expiresAt - this.#parts.time.now();
    const waitMs = Math.max(0, Math.floor(Math.min(leftMs * WAIT_SHARE, leftMs - LAST_SECOND_MS)));
    return { signal, timeoutMs: Math.min(waitMs, timeoutMs) };
  }

  #mayServe(old: CachedToken, error: unknown): boolean {
    if (!(error instanceof CredentialError) || error instanceof CredentialClosedError) return false;
    return !old.isInvalid && this.#parts.time.now() < old.expiresAt;
  }

  #observe({ request }: Errand, { callerContext }: Call): AcquisitionObservation {
    const { tenantId, scopes } = request;
    const resource = resourceOf(scopes);
    return this.#parts.observer.beginAcquisition({ tenantId, resource, callerContext });
  }

  #used(token: CachedToken): CachedToken {
    token.usedAt = this.#parts.time.now();
    return token;
  }
}

function isOver(error: unknown): boolean {
  return error instanceof AcquisitionTimeoutError && error.budget === "caller";
}

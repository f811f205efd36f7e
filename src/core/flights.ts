import { claimlessKey } from "../domain/cache-key.ts";
import type { CachedToken } from "../domain/cached-token.ts";
import { CredentialError, MalformedResponseError, TokenEndpointError } from "../domain/errors.ts";
import { resourceOf } from "../domain/scopes.ts";
import type { TokenRequest } from "../domain/token-request.ts";
import type { RefreshRules } from "../domain/token-times.ts";
import { typeName } from "../domain/type-name.ts";
import { AttemptLog } from "./attempt-log.ts";
import { datedToken, outlives } from "./dated-token.ts";
import { type Errand, isChallenge } from "./errand.ts";
import type { FlightOutcome } from "./events.ts";
import { Flight } from "./flight.ts";
import { LoopHold } from "./loop-hold.ts";
import { workOutcomeOf } from "./observed.ts";
import type { Attempt, Clock, Exchange, Observer, Resilience } from "./ports.ts";
import { type RefreshGate, rememberedError } from "./refresh-gate.ts";
import { SingleFlight } from "./single-flight.ts";
import type { SteadyClock } from "./steady-clock.ts";
import type { TokenSlots } from "./token-slots.ts";
import type { Vitals } from "./vitals.ts";

// Nobody waits for a background refresh: the key's cool-down is its patience.
const BACKGROUND_RETRIES = 1;

const NO_NEWER = "The authority answered a refresh with a token that lasts no longer than the old.";

export interface FlightsParts {
  readonly exchange: Exchange;
  readonly resilience: Resilience;
  readonly slots: TokenSlots;
  readonly gate: RefreshGate;
  readonly vitals: Vitals;
  /** Told when a flight is over, whether or not it brought a token; must not throw. */
  readonly landed: (errand: Errand) => void;
  readonly observer: Observer;
  readonly rules: RefreshRules;
  readonly clock: Clock;
  readonly time: SteadyClock;
}

/** The token for those who wait: the new one, or the old one when the new one is no better. */
interface Kept {
  readonly token: CachedToken;
  readonly error?: CredentialError;
}

/** Starts flights and brings them home: exchange under the policies, keep the token, tell the gate. */
export class Flights {
  readonly #parts: FlightsParts;
  readonly #underWay = new SingleFlight();
  readonly #hold: LoopHold;

  constructor(parts: FlightsParts) {
    this.#parts = parts;
    this.#hold = new LoopHold(parts.clock);
  }

  /** The flight under way that may answer the errand. */
  find({ key, trigger }: Errand): Flight | undefined {
    return trigger === "forced" ? this.#underWay.findForced(key) : this.#underWay.find(key);
  }

  start(errand: Errand): Flight {
    const { request, key, trigger } = errand;
    const { observer, clock } = this.#parts;
    const correlationId = crypto.randomUUID();
    const observation = observer.beginFlight({
      trigger,
      correlationId,
      tenantId: request.tenantId,
      resource: resourceOf(request.scopes),
      origin: request.authority,
    });
    const flight = new Flight({ trigger, correlationId, observation, clock, hold: this.#hold });

    // What was begun before a challenge brings a token like the one that was refused.
    const slot = claimlessKey(request);
    if (isChallenge(request)) this.#underWay.disownUnchallenged(slot);
    this.#underWay.add({ key, slot, flight, isChallenge: isChallenge(request) });
    void observation.within(() => this.#fly(flight, errand));
    return flight;
  }

  /** What is under way for the request, or for any without one, answers only its waiters and is not kept. */
  disown(request?: TokenRequest): void {
    this.#underWay.disownAll(request && claimlessKey(request));
  }

  endAll(error: Error): void {
    this.#underWay.endAll(error);
  }

  // Never rejects: whatever happens reaches the waiters, the observer and the gate.
  async #fly(flight: Flight, errand: Errand): Promise<void> {
    const log = new AttemptLog();
    try {
      const issued = await this.#endure(flight, errand, log);
      const kept = this.#keep(issued, flight, errand);
      flight.land(kept.token);
      flight.observation.end(
        kept.error === undefined
          ? { type: "issued", attempts: log.failures().length + 1, token: kept.token }
          : { type: "failed", error: kept.error, remaining: kept.token },
      );
    } catch (thrown) {
      const error = detailed(thrown, flight, log);
      flight.observation.end(this.#outcomeOf(error, errand));
      if (error instanceof CredentialError && !flight.signal.aborted && flight.keeps) {
        this.#remember(error, errand);
      }
      flight.end(error);
    } finally {
      this.#underWay.remove(flight);
      this.#parts.landed(errand);
    }
  }

  #endure(flight: Flight, errand: Errand, log: AttemptLog): Promise<CachedToken> {
    const { resilience, time, gate } = this.#parts;
    const { request } = errand;
    const attempted = async (attempt: Attempt) => {
      const startedAt = time.now();
      try {
        return await this.#attempt(request, attempt, flight);
      } catch (error) {
        if (error instanceof CredentialError && !error.remembered) {
          log.failed(error, attempt.number, time.now() - startedAt);
        }
        throw error;
      }
    };
    return resilience.run(attempted, {
      origin: request.authority,
      signal: flight.signal,
      admit: () => {
        const hold = gate.holdingTenant(errand);
        if (hold !== undefined) throw rememberedError(hold, time.now());
      },
      heldMs: () => {
        const hold = gate.holdingTenant(errand);
        // A refusal of the client is not waited out: it is told when the retry asks. And a timer
        // counts whole milliseconds, on another clock.
        return hold?.kind === "throttle" ? Math.ceil(hold.until - time.now()) + 1 : 0;
      },
      maxRetries: () => (flight.isAwaited ? Number.POSITIVE_INFINITY : BACKGROUND_RETRIES),
      onRetry: (retry) => flight.observation.note({ type: "retry.scheduled", ...retry }),
    });
  }

  async #attempt(request: TokenRequest, attempt: Attempt, flight: Flight): Promise<CachedToken> {
    const { exchange, clock, time, rules } = this.#parts;
    // Heard before the next in the queue gets its turn.
    const guard: Attempt["guard"] = (post) =>
      attempt.guard((signal) => this.#heeding(post(signal), request, flight));
    const exchanged = await exchange.exchange(request, { ...attempt, guard }, flight);
    const wallOffsetMs = time.wallOffsetMs();
    const token = datedToken(exchanged, request, { rules, chance: clock.chance(), wallOffsetMs });
    if (time.now() >= token.expiresAt) {
      throw new MalformedResponseError("The token had expired before it arrived.");
    }
    return token;
  }

  // A Retry-After holds the whole tenant from the moment it is heard, also while a retry waits; so does
  // a refusal of the client itself, unless something newer is known.
  async #heeding<T>(post: Promise<T>, { tenantId }: TokenRequest, flight: Flight): Promise<T> {
    try {
      return await post;
    } catch (error) {
      if (!(error instanceof TokenEndpointError)) throw error;
      const { gate } = this.#parts;
      const { retryAfterMs } = error;
      if (flight.keeps) gate.refused(tenantId, error);
      if (retryAfterMs === undefined) throw error;
      gate.throttled(tenantId, retryAfterMs, error);
      flight.observation.note({ type: "throttled", retryAfterMs });
      throw error;
    }
  }

  #keep(token: CachedToken, flight: Flight, errand: Errand): Kept {
    const { gate, slots, vitals, time } = this.#parts;
    const { request, key, trigger } = errand;
    vitals.succeeded();
    if (flight.signal.aborted || !flight.keeps) return { token };

    const current = slots.usable(request, key);
    const sought = trigger === "forced" || isChallenge(request);
    if (!sought && current !== undefined && !outlives(token, current)) {
      const error = new MalformedResponseError(NO_NEWER);
      this.#remember(error, errand);
      return { token: current, error };
    }
    if (trigger !== "proactive") token.wantedAt = time.now();
    gate.open(key, request.tenantId);
    this.#underWay.disownBehind(flight);
    slots.keep(request, key, token);
    return { token };
  }

  #outcomeOf(error: Error, { request, key }: Errand): FlightOutcome {
    const outcome = workOutcomeOf(error);
    if (outcome.type === "abandoned") return outcome;
    return { ...outcome, remaining: this.#parts.slots.usable(request, key) };
  }

  // What was remembered already holds the tenant, and is no news.
  #remember(error: CredentialError, { request, key }: Errand): void {
    if (error.remembered) return;
    const { gate, slots, vitals } = this.#parts;
    vitals.failed(error);
    const remaining = slots.usable(request, key);
    gate.failed({ key, error, remaining });
  }
}

function detailed(error: unknown, { correlationId }: Flight, log: AttemptLog): Error {
  if (error instanceof CredentialError) {
    return error.reissue({ correlationId, attempts: log.failures() });
  }
  return error instanceof Error ? error : new Error(`${typeName(error)} was thrown`);
}

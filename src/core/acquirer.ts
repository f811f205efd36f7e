import { abortErrorFor } from "../domain/abort-error.ts";
import { cacheKey } from "../domain/cache-key.ts";
import { type CachedToken, type Freshness, freshness } from "../domain/cached-token.ts";
import { CredentialClosedError, CredentialError } from "../domain/errors.ts";
import { resourceOf } from "../domain/scopes.ts";
import type { TokenRequest } from "../domain/token-request.ts";
import type { CallerLimits } from "./abortable.ts";
import type { Activity, RefreshTrigger, TokenSource } from "./events.ts";
import type { Flight } from "./flight.ts";
import type { Errand, Flights } from "./flights.ts";
import { failure } from "./observed.ts";
import type { Observation, Observer } from "./ports.ts";
import type { Hold, RefreshGate } from "./refresh-gate.ts";
import type { SteadyClock } from "./steady-clock.ts";
import { isChallenge, type TokenSlots } from "./token-slots.ts";

/** What one call wants beyond its request. */
export interface Call extends CallerLimits {
  readonly forceRefresh: boolean;
  /** A token with less left counts as expiring. */
  readonly minimumValidityMs: number;
  /** The caller's tracing context, opaque here. */
  readonly callerContext: unknown;
}

export interface AcquirerParts {
  readonly slots: TokenSlots;
  readonly flights: Flights;
  readonly gate: RefreshGate;
  readonly observer: Observer;
  readonly time: SteadyClock;
}

// A caller waits for a newer token for a third of what the old one has left, and not into
// its last second: the old one still has to travel.
const WAIT_SHARE = 1 / 3;
const LAST_SECOND_MS = 1_000;

// A minimum that no token of this authority can meet must not make every call a refresh.
const MAX_MINIMUM_SHARE = 0.9;

/** The line of a call: look up, judge, and only then, if need be, wait for a flight. */
export class Acquirer {
  readonly #parts: AcquirerParts;
  #closed = false;

  constructor(parts: AcquirerParts) {
    this.#parts = parts;
  }

  /** The hot path: the fresh token of a plain call, found by the caller's own scope string. */
  hit(scope: string): CachedToken | undefined {
    const { slots, time, observer } = this.#parts;
    const token = slots.findPlain(scope);
    if (token === undefined || time.now() >= token.refreshAt) return undefined;

    observer.served("cache", token, undefined);
    return token;
  }

  /** The usable token of a request, if there is one: no refresh, no wait, not counted. */
  peek(request: TokenRequest): CachedToken | undefined {
    return this.#parts.slots.usable(request, cacheKey(request));
  }

  async acquire(request: TokenRequest, call: Call): Promise<CachedToken> {
    const key = cacheKey(request);
    this.#admit(request, call);

    const errand: Errand = { request, key, trigger: triggerOf(request, call) };
    if (call.forceRefresh) return this.#board(errand, call);

    const token = this.#parts.slots.find(request, key);
    if (token === undefined) return this.#board(errand, call);

    switch (this.#judge(token, call)) {
      case "fresh":
        return this.#serve("cache", token, call);
      case "stale":
        this.#refreshBehind(errand);
        return this.#serve("stale_cache", token, call);
      case "expiring":
        return this.#board(errand, call, token);
      case "expired":
        return this.#board(errand, call);
    }
  }

  /** Observes a call that was refused before it came to a request. */
  refused(
    error: unknown,
    about: Pick<Activity & { type: "acquisition" }, "tenantId" | "callerContext">,
  ): void {
    const observation = this.#parts.observer.begin({ type: "acquisition", resource: "", ...about });
    observation.end(failure(error));
  }

  /** Ends all flights and forgets all tokens; false when that was done before. */
  close(): boolean {
    if (this.#closed) return false;
    this.#closed = true;
    this.#parts.flights.endAll(closedError());
    this.#parts.slots.clear();
    return true;
  }

  #admit({ tenantId }: TokenRequest, { signal, callerContext }: Call): void {
    if (!this.#closed && !signal?.aborted) return;
    const error = this.#closed ? closedError() : abortErrorFor(signal ?? {});
    this.refused(error, { tenantId, callerContext });
    throw error;
  }

  #judge(token: CachedToken, { minimumValidityMs }: Call): Freshness {
    const now = this.#parts.time.now();
    const judged = freshness(token, now);
    const minimum = Math.min(minimumValidityMs, token.lifetimeMs() * MAX_MINIMUM_SHARE);
    return judged !== "expired" && token.expiresAt - now < minimum ? "expiring" : judged;
  }

  #serve(source: "cache" | "stale_cache", token: CachedToken, call: Call): CachedToken {
    this.#parts.observer.served(source, token, call.callerContext);
    return token;
  }

  #refreshBehind(errand: Errand): void {
    const { flights, gate } = this.#parts;
    const { request, key } = errand;
    // The answer of a challenge lives for seconds only: its slot is not worth a refresh.
    if (isChallenge(request)) return;
    if (flights.find(errand) !== undefined || gate.holding(key, request.tenantId)) return;
    flights.start({ ...errand, trigger: "proactive" });
  }

  /** Waits for a flight; with a token to fall back on only briefly, and then in vain is no error. */
  async #board(errand: Errand, call: Call, fallback?: CachedToken): Promise<CachedToken> {
    const limits = fallback === undefined ? call : this.#briefly(call, fallback);
    if (fallback !== undefined && (limits.timeoutMs === 0 || this.#isHeld(errand))) {
      return this.#serve("stale_cache", fallback, call);
    }

    const observation = this.#observe(errand, call);
    try {
      const { flight, source } = this.#flightFor(errand);
      observation.joined(flight.observation);
      const token = await flight.wait(limits);
      observation.end({ type: "acquired", source, token });
      return token;
    } catch (error) {
      if (fallback === undefined || !this.#makesUp(fallback, error)) {
        observation.end(failure(error));
        throw error;
      }
      observation.end({ type: "acquired", source: "stale_cache", token: fallback });
      return fallback;
    }
  }

  #flightFor(errand: Errand): { readonly flight: Flight; readonly source: TokenSource } {
    const { flights } = this.#parts;
    const underWay = flights.find(errand);
    if (underWay !== undefined) return { flight: underWay, source: "shared" };

    const hold = this.#holdFor(errand);
    if (hold !== undefined) throw remembered(hold, this.#parts.time.now());
    return { flight: flights.start(errand), source: "authority" };
  }

  #isHeld(errand: Errand): boolean {
    return this.#parts.flights.find(errand) === undefined && this.#holdFor(errand) !== undefined;
  }

  // Whoever forces a refresh or brings a new challenge knows more than the last failure told; what
  // the authority itself asked for holds for them too.
  #holdFor({ request, key, trigger }: Errand): Hold | undefined {
    const { gate } = this.#parts;
    const hold = gate.holding(key, request.tenantId);
    if (hold === undefined || hold.kind === "throttle") return hold;
    const isNews = trigger === "forced" || (isChallenge(request) && !gate.holdsItself(key));
    return isNews ? undefined : hold;
  }

  #briefly(
    { signal, timeoutMs = Number.POSITIVE_INFINITY }: Call,
    token: CachedToken,
  ): CallerLimits {
    const leftMs = token.expiresAt - this.#parts.time.now();
    const waitMs = Math.max(0, Math.min(leftMs * WAIT_SHARE, leftMs - LAST_SECOND_MS));
    return { signal, timeoutMs: Math.min(waitMs, timeoutMs) };
  }

  #makesUp(fallback: CachedToken, error: unknown): boolean {
    if (!(error instanceof CredentialError) || error instanceof CredentialClosedError) return false;
    return this.#parts.time.now() < fallback.expiresAt;
  }

  #observe({ request }: Errand, { callerContext }: Call): Observation {
    const { tenantId, scopes } = request;
    const resource = resourceOf(scopes);
    return this.#parts.observer.begin({ type: "acquisition", tenantId, resource, callerContext });
  }
}

function triggerOf(request: TokenRequest, { forceRefresh }: Call): RefreshTrigger {
  if (forceRefresh) return "forced";
  return isChallenge(request) ? "claims_challenge" : "on_demand";
}

function remembered({ error, until }: Hold, now: number): CredentialError {
  return error.reissue({ remembered: true, retryAfterMs: Math.ceil(until - now) });
}

function closedError(): CredentialClosedError {
  return new CredentialClosedError("The credential is closed.");
}

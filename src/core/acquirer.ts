import { abortErrorFor } from "../domain/abort-error.ts";
import { cacheKey, claimlessKey } from "../domain/cache-key.ts";
import { type CachedToken, type Freshness, freshness } from "../domain/cached-token.ts";
import { CredentialClosedError } from "../domain/errors.ts";
import { resourceOf } from "../domain/scopes.ts";
import type { TokenRequest } from "../domain/token-request.ts";
import type { Call } from "./call.ts";
import { type Errand, isChallenge, type KeyedRequest } from "./errand.ts";
import type { Acquisition, RefreshTrigger } from "./events.ts";
import type { Flights } from "./flights.ts";
import { outcomeOf } from "./observed.ts";
import type { Observer } from "./ports.ts";
import type { RefreshGate } from "./refresh-gate.ts";
import type { SteadyClock } from "./steady-clock.ts";
import type { TokenSlots } from "./token-slots.ts";
import type { WaitingRoom } from "./waiting-room.ts";

export interface AcquirerParts {
  readonly slots: TokenSlots;
  readonly flights: Flights;
  readonly gate: RefreshGate;
  readonly observer: Observer;
  readonly time: SteadyClock;
}

// A minimum that no token of this authority can meet must not make every call a refresh.
const MAX_MINIMUM_SHARE = 0.9;

/** The line of a call: look up, judge, and only then, if need be, wait for a flight. */
export class Acquirer {
  readonly #parts: AcquirerParts;
  readonly #waiting: WaitingRoom;
  #closed = false;

  constructor(parts: AcquirerParts, waiting: WaitingRoom) {
    this.#parts = parts;
    this.#waiting = waiting;
  }

  /**
   * The hot path: the token of a plain call, found by the caller's own scope string, if it is fresh, or
   * stale with a renewal that nobody need look after now.
   */
  hit(scope: string): CachedToken | undefined {
    const { slots, time, observer } = this.#parts;
    const token = slots.findPlain(scope);
    if (token === undefined) return undefined;
    const now = time.now();
    const isFresh = now < token.refreshAt;
    if (!isFresh && now >= token.quietUntil) return undefined;

    token.usedAt = now;
    observer.served(isFresh ? "cache" : "stale_cache", token, undefined);
    return token;
  }

  /** The usable token of a plain call, found as by `hit`: no refresh, no wait, not counted. */
  peekPlain(scope: string): CachedToken | undefined {
    return this.#parts.slots.peekPlain(scope);
  }

  /** The usable token of a request, if there is one: no refresh, no wait, not counted. */
  peek(request: TokenRequest): CachedToken | undefined {
    return this.#parts.slots.usable(request, cacheKey(request));
  }

  /** The token of a call with options, if it is fresh or stale as for `hit`. */
  hitOf({ request, key }: KeyedRequest, call: Call): CachedToken | undefined {
    if (call.forceRefresh || call.signal?.aborted) return undefined;
    const token = this.#parts.slots.find(request, key);
    if (token === undefined) return undefined;
    switch (this.#judge(token, call)) {
      case "fresh":
        return this.#serve("cache", token, call);
      case "stale":
        return this.#parts.time.now() < token.quietUntil
          ? this.#serve("stale_cache", token, call)
          : undefined;
      default:
        return undefined;
    }
  }

  async acquire({ request, key }: KeyedRequest, call: Call): Promise<CachedToken> {
    this.#admit(request, call);

    const errand: Errand = { request, key, trigger: triggerOf(request, call) };
    if (call.forceRefresh) return this.#waiting.wait(errand, call);

    const token = this.#parts.slots.find(request, key);
    if (token === undefined) return this.#waiting.wait(errand, call);

    switch (this.#judge(token, call)) {
      case "fresh":
        return this.#serve("cache", token, call);
      case "stale":
        token.quietUntil = Math.min(this.#waiting.refreshBehind(errand, token), token.expiringAt);
        return this.#serve("stale_cache", token, call);
      case "expiring":
        return this.#waiting.waitBriefly(errand, call, token);
      case "expired":
        return this.#waiting.wait(errand, call);
    }
  }

  /**
   * Forgets the token of a request, or all of them. What is under way answers those who wait for it
   * and is not kept; the next call asks the authority.
   */
  invalidate(request?: TokenRequest): void {
    const { slots, flights, gate } = this.#parts;
    flights.disown(request);
    if (request === undefined) {
      slots.dropAll();
      gate.forget();
      return;
    }
    const key = cacheKey(request);
    slots.drop(request, key);
    gate.forget(key);
    gate.forget(claimlessKey(request));
  }

  /** Observes a call that was refused before it came to a flight. */
  refused(error: unknown, about: Acquisition): void {
    this.#parts.observer.beginAcquisition(about).end(outcomeOf(error));
  }

  /** Ends all flights and forgets all tokens; false when that was done before. */
  close(): boolean {
    if (this.#closed) return false;
    this.#closed = true;
    this.#parts.flights.endAll(closedError());
    this.#parts.slots.clear();
    return true;
  }

  #admit({ tenantId, scopes }: TokenRequest, { signal, callerContext }: Call): void {
    if (!this.#closed && !signal?.aborted) return;
    const error = this.#closed ? closedError() : abortErrorFor(signal ?? {});
    this.refused(error, { tenantId, resource: resourceOf(scopes), callerContext });
    throw error;
  }

  #judge(token: CachedToken, { minimumValidityMs }: Call): Freshness {
    const now = this.#parts.time.now();
    const judged = freshness(token, now);
    const minimum = Math.min(minimumValidityMs, token.lifetimeMs() * MAX_MINIMUM_SHARE);
    return judged !== "expired" && token.expiresAt - now < minimum ? "expiring" : judged;
  }

  #serve(source: "cache" | "stale_cache", token: CachedToken, call: Call): CachedToken {
    const { time, observer } = this.#parts;
    token.usedAt = time.now();
    observer.served(source, token, call.callerContext);
    return token;
  }
}

function triggerOf(request: TokenRequest, { forceRefresh }: Call): RefreshTrigger {
  if (forceRefresh) return "forced";
  return isChallenge(request) ? "claims_challenge" : "on_demand";
}

function closedError(): CredentialClosedError {
  return new CredentialClosedError("The credential is closed.");
}

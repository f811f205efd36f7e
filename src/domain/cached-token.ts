import type { AccessToken } from "@azure/core-auth";
import type { TenantId } from "./tenant.ts";

/**
 * What may be done with a token now.
 *
 * `fresh`: use it. `stale`: use it and renew it behind the caller. `expiring`: wait a little
 * for a newer one, then use it. `expired`: never use it again.
 */
export type Freshness = "fresh" | "stale" | "expiring" | "expired";

/** The moments in the life of a token, in milliseconds of one clock. */
export interface TokenTimes {
  readonly issuedAt: number;
  readonly refreshAt: number;
  readonly expiringAt: number;
  readonly expiresAt: number;
}

export interface CachedTokenFacts {
  readonly token: string;
  /** On the credential's steady clock, by which the token is judged. */
  readonly times: TokenTimes;
  /** The wall clock minus the steady clock at issue: what the caller is told is wall-clock time. */
  readonly wallOffsetMs: number;
  readonly tenantId: TenantId;
  readonly resource: string;
  /** Kept in a slot that scopes alone name (see `cacheKey`). */
  readonly plain: boolean;
}

/**
 * A token in the cache. The secret sits in private fields, because lru-cache publishes the
 * values it stores on a diagnostics channel, and leaves through `accessToken` and `answer`.
 */
export class CachedToken {
  readonly #accessToken: AccessToken;
  readonly #answer: Promise<AccessToken>;
  readonly issuedAt: number;
  readonly refreshAt: number;
  readonly expiringAt: number;
  readonly expiresAt: number;
  readonly tenantId: TenantId;
  readonly resource: string;
  readonly plain: boolean;
  /** When it was last given to a caller, on the clock of its times; set by whoever gives it. */
  usedAt: number = Number.NEGATIVE_INFINITY;
  /** When a caller last got the token before it, or asked for this one; set by whoever keeps it. */
  wantedAt: number = Number.NEGATIVE_INFINITY;
  /**
   * Until when a stale token is served without a look at its renewal, which is under way or held; set by
   * whoever looked.
   */
  quietUntil = 0;
  /** Whether its owner has said not to use it again; set by whoever is told. */
  isInvalid = false;

  constructor({ token, times, wallOffsetMs, tenantId, resource, plain }: CachedTokenFacts) {
    this.issuedAt = times.issuedAt;
    this.refreshAt = times.refreshAt;
    this.expiringAt = times.expiringAt;
    this.expiresAt = times.expiresAt;
    this.tenantId = tenantId;
    this.resource = resource;
    this.plain = plain;
    // Frozen: every caller gets this very object.
    this.#accessToken = Object.freeze({
      token,
      expiresOnTimestamp: Math.floor(times.expiresAt + wallOffsetMs),
      refreshAfterTimestamp: Math.floor(times.refreshAt + wallOffsetMs),
      tokenType: "Bearer",
    });
    // Not frozen: Node's own async hooks write to the promises that are awaited.
    this.#answer = Promise.resolve(this.#accessToken);
  }

  /** The token as callers get it: a secret. */
  accessToken(): AccessToken {
    return this.#accessToken;
  }

  /** The same, as one promise made once: a hit allocates none. */
  answer(): Promise<AccessToken> {
    return this.#answer;
  }

  /** Whether it was given to a caller since it came. */
  get isUsed(): boolean {
    return this.usedAt > Number.NEGATIVE_INFINITY;
  }

  lifetimeMs(): number {
    return this.expiresAt - this.issuedAt;
  }
}

/** Judges a token at a moment of the clock it was issued by. */
export function freshness(token: CachedToken, now: number): Freshness {
  if (now < token.refreshAt) return "fresh";
  if (now < token.expiringAt) return "stale";
  if (now < token.expiresAt) return "expiring";
  return "expired";
}

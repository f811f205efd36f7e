import { type CacheKey, claimlessKey, plainKey } from "../domain/cache-key.ts";
import type { CachedToken } from "../domain/cached-token.ts";
import type { TokenRequest } from "../domain/token-request.ts";
import { isChallenge } from "./errand.ts";
import type { EvictionReason } from "./events.ts";
import type { TokenCache } from "./ports.ts";
import type { SteadyClock } from "./steady-clock.ts";

// A burst of calls refused together arrives within a few round trips; the same claims after
// that mean that the token they won was refused as well.
const ANSWERS_FOR_MS = 5_000;

export interface TokenSlotsParts {
  readonly time: SteadyClock;
  /** Makes the cache, given whom to tell which token had to go for another. */
  readonly cache: (madeRoom: (token: CachedToken) => void) => TokenCache;
  /** Told of each token that left the cache before it was replaced; must not throw. */
  readonly evicted: (token: CachedToken, reason: EvictionReason) => void;
}

interface Answer {
  readonly token: CachedToken;
  readonly until: number;
}

/**
 * Where tokens lie. A challenged request has a slot of its own, which answers the same claims
 * for 5 s and then no more; the token it wins also takes the slot of the same request without
 * claims, since the one there was refused. All others lie in the cache.
 */
export class TokenSlots {
  readonly #cache: TokenCache;
  readonly #time: SteadyClock;
  readonly #evicted: TokenSlotsParts["evicted"];
  readonly #answers = new Map<CacheKey, Answer>();

  constructor({ time, cache, evicted }: TokenSlotsParts) {
    this.#time = time;
    this.#evicted = evicted;
    this.#cache = cache((token) =>
      evicted(token, time.now() < token.expiresAt ? "capacity" : "expired"),
    );
  }

  /** The token in the request's slot, whatever its freshness; counts as a use. */
  find(request: TokenRequest, key: CacheKey): CachedToken | undefined {
    return isChallenge(request) ? this.#answer(key) : this.#cache.get(key);
  }

  /** The token in the request's slot if it has not expired; does not count as a use. */
  usable(request: TokenRequest, key: CacheKey): CachedToken | undefined {
    const token = isChallenge(request) ? this.#answer(key) : this.#cache.peek(key);
    return token !== undefined && this.#time.now() < token.expiresAt ? token : undefined;
  }

  /** The plain slot named by the caller's own scope string, if that is its very key. */
  findPlain(scope: string): CachedToken | undefined {
    const token = this.#cache.get(plainKey(scope));
    return token?.plain ? token : undefined;
  }

  /** As `findPlain`, if the token has not expired; does not count as a use. */
  peekPlain(scope: string): CachedToken | undefined {
    const token = this.#cache.peek(plainKey(scope));
    return token?.plain && this.#time.now() < token.expiresAt ? token : undefined;
  }

  keep(request: TokenRequest, key: CacheKey, token: CachedToken): void {
    if (isChallenge(request)) this.#keepAnswer(key, token);
    const slot = claimlessKey(request);
    const before = this.#cache.peek(slot);
    if (before !== undefined) {
      token.wantedAt = Math.max(token.wantedAt, before.wantedAt, before.usedAt);
    }
    this.#cache.set(slot, token);
  }

  /** Empties the request's slot, and whatever else holds the same token. */
  drop(request: TokenRequest, key: CacheKey): void {
    const slot = claimlessKey(request);
    const cached = this.#cache.peek(slot);
    for (const token of [cached, this.#answers.get(key)?.token]) {
      if (token !== undefined) token.isInvalid = true;
    }
    this.#cache.delete(slot);
    if (cached !== undefined) this.#evicted(cached, "invalidated");
    for (const [challenged, { token }] of this.#answers) {
      if (token.isInvalid) this.#answers.delete(challenged);
    }
  }

  /** Empties every slot, for good: whoever still holds a token of them must not give it away. */
  dropAll(): void {
    const tokens = [...this.#cache.values()];
    for (const token of tokens) token.isInvalid = true;
    this.clear();
    for (const token of tokens) this.#evicted(token, "invalidated");
  }

  /** The tokens in the cache that have not expired. */
  *allUsable(): Generator<CachedToken> {
    const now = this.#time.now();
    for (const token of this.#cache.values()) if (now < token.expiresAt) yield token;
  }

  clear(): void {
    this.#cache.clear();
    this.#answers.clear();
  }

  #answer(key: CacheKey): CachedToken | undefined {
    const answer = this.#answers.get(key);
    return answer !== undefined && this.#time.now() < answer.until ? answer.token : undefined;
  }

  #keepAnswer(key: CacheKey, token: CachedToken): void {
    const now = this.#time.now();
    this.#answers.delete(key);
    this.#answers.set(key, { token, until: now + ANSWERS_FOR_MS });
    // All last equally long, so the oldest come first.
    for (const [old, { until }] of this.#answers) {
      if (now < until) return;
      this.#answers.delete(old);
    }
  }
}

import { LRUCache } from "lru-cache";
import type { TokenCache } from "../core/ports.ts";
import type { CacheKey } from "../domain/cache-key.ts";
import type { CachedToken } from "../domain/cached-token.ts";

/**
 * A bounded cache. It is given no ttl: lru-cache would delete an expired entry on reading it,
 * count by a clock of its own and take a ttl of 0 for immortal. The core judges age itself.
 */
export class LruTokenCache implements TokenCache {
  readonly #entries: LRUCache<CacheKey, CachedToken>;

  /** @param madeRoom Told which token had to go for another; must not throw. */
  constructor(maxEntries: number, madeRoom: (token: CachedToken) => void) {
    this.#entries = new LRUCache({
      max: maxEntries,
      dispose: (token, _key, reason) => {
        if (reason === "evict") madeRoom(token);
      },
    });
  }

  get(key: CacheKey): CachedToken | undefined {
    return this.#entries.get(key);
  }

  peek(key: CacheKey): CachedToken | undefined {
    return this.#entries.peek(key);
  }

  set(key: CacheKey, token: CachedToken): void {
    this.#entries.set(key, token);
  }

  delete(key: CacheKey): void {
    this.#entries.delete(key);
  }

  values(): Iterable<CachedToken> {
    return this.#entries.values();
  }

  clear(): void {
    this.#entries.clear();
  }
}

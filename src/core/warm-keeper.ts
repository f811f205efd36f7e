import type { CacheKey } from "../domain/cache-key.ts";
import type { CachedToken } from "../domain/cached-token.ts";
import { type Errand, renewalOf } from "./errand.ts";
import type { Clock, Timer } from "./ports.ts";
import type { SteadyClock } from "./steady-clock.ts";

export interface WarmKeeperParts {
  readonly clock: Clock;
  readonly time: SteadyClock;
  /** As many as the cache has entries. */
  readonly maxKeys: number;
  /** The token in the errand's slot that can still be served. */
  readonly usable: (renewal: Errand) => CachedToken | undefined;
  /** When the gate lets the errand fly, on the steady clock; now or earlier when it does. */
  readonly opensAt: (renewal: Errand) => number;
  /** Starts a refresh that nobody waits for. */
  readonly refresh: (renewal: Errand) => void;
}

// Whoever was held until the same moment must not come back in the same moment: one of them finds
// out for all whether it was worth it.
const SPREAD_SHARE = 0.2;
const LEAST_SPREAD_MS = 1_000;

/**
 * Renews tokens when they fall due without waiting for a caller: those that were used at least once
 * since they came. A key whose token is unused when it falls due is let go. Its timers never keep
 * the process alive.
 */
export class WarmKeeper {
  readonly #parts: WarmKeeperParts;
  readonly #timers = new Map<CacheKey, Timer>();

  constructor(parts: WarmKeeperParts) {
    this.#parts = parts;
  }

  /** A flight for the errand is over, well or not: looks at its slot again when it is time. */
  landed(errand: Errand): void {
    const renewal = renewalOf(errand);
    const token = this.#parts.usable(renewal);
    if (token !== undefined) this.#lookAgain(renewal, token);
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #look(renewal: Errand): void {
    this.#timers.delete(renewal.key);
    const { time, usable, opensAt, refresh } = this.#parts;
    const token = usable(renewal);
    if (token === undefined || !token.isUsed) return;
    // A timer may fire early, and one longer than the platform has was cut short.
    if (time.now() < Math.max(token.refreshAt, opensAt(renewal))) this.#lookAgain(renewal, token);
    else refresh(renewal);
  }

  #lookAgain(renewal: Errand, token: CachedToken): void {
    const { clock, time, maxKeys } = this.#parts;
    this.#forget(renewal.key);
    if (this.#timers.size >= maxKeys) this.#forgetOldest();
    const delayMs = this.#dueAt(renewal, token) - time.now();
    const look = () => this.#look(renewal);
    this.#timers.set(renewal.key, clock.schedule(look, delayMs, "unreferenced"));
  }

  #dueAt(renewal: Errand, { refreshAt }: CachedToken): number {
    const { clock, time, opensAt } = this.#parts;
    const now = time.now();
    const heldUntil = Math.max(now, opensAt(renewal));
    if (heldUntil < refreshAt) return refreshAt;
    const spreadMs = Math.max(LEAST_SPREAD_MS, (heldUntil - now) * SPREAD_SHARE);
    return heldUntil + clock.chance() * spreadMs;
  }

  #forgetOldest(): void {
    for (const key of this.#timers.keys()) {
      this.#forget(key);
      return;
    }
  }

  #forget(key: CacheKey): void {
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
  }
}

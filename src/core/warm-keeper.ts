import type { CacheKey } from "../domain/cache-key.ts";
import type { CachedToken } from "../domain/cached-token.ts";
import type { Errand } from "./errand.ts";
import { isChallenge } from "./errand.ts";
import type { Clock, Timer } from "./ports.ts";
import type { SteadyClock } from "./steady-clock.ts";

export interface WarmKeeperParts {
  readonly clock: Clock;
  readonly time: SteadyClock;
  /** The token in the errand's slot that can still be served. */
  readonly usable: (errand: Errand) => CachedToken | undefined;
  /** When the gate lets the errand fly, on the steady clock; now or earlier when it does. */
  readonly opensAt: (errand: Errand) => number;
  /** Starts a refresh that nobody waits for. */
  readonly refresh: (errand: Errand) => void;
}

/**
 * Renews tokens when they fall due without waiting for a caller: those that were used at least once
 * since they came. A key that nobody uses for the life of one token is let go. Its timers never keep
 * the process alive.
 */
export class WarmKeeper {
  readonly #parts: WarmKeeperParts;
  readonly #timers = new Map<CacheKey, Timer>();

  constructor(parts: WarmKeeperParts) {
    this.#parts = parts;
  }

  /** A flight of the errand is over. Looks again when its token falls due, or when the gate opens. */
  landed(errand: Errand): void {
    if (isChallenge(errand.request)) return;
    const token = this.#parts.usable(errand);
    if (token === undefined) return;
    this.#lookAgain(errand, Math.max(token.refreshAt, this.#parts.opensAt(errand)));
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #lookAgain(errand: Errand, at: number): void {
    const { clock, time } = this.#parts;
    this.#timers.get(errand.key)?.cancel();
    const look = () => this.#look(errand);
    this.#timers.set(errand.key, clock.schedule(look, at - time.now(), "unreferenced"));
  }

  #look(errand: Errand): void {
    const { time, usable, opensAt, refresh } = this.#parts;
    this.#timers.delete(errand.key);
    const token = usable(errand);
    if (token === undefined || !token.isUsed) return;

    // A timer may fire early, and a longer one than the platform has was cut short.
    const dueAt = Math.max(token.refreshAt, opensAt(errand));
    if (time.now() < dueAt) this.#lookAgain(errand, dueAt);
    else refresh(errand);
  }
}

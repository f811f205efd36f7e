import type { CacheKey } from "../domain/cache-key.ts";
import type { Flight } from "./flight.ts";

/**
 * The flights under way, at most one per key and kind: callers of one key share one assertion
 * and one POST. A forced flight is a kind of its own: who forces a refresh must not be answered
 * by one begun before, while whoever just wants a token may be answered by it.
 */
export class SingleFlight {
  readonly #ordinary = new Map<CacheKey, Flight>();
  readonly #forced = new Map<CacheKey, Flight>();
  readonly #underWay = new Set<Flight>();

  /** The flight that any caller of the key may join. */
  find(key: CacheKey): Flight | undefined {
    return this.#forced.get(key) ?? this.#ordinary.get(key);
  }

  findForced(key: CacheKey): Flight | undefined {
    return this.#forced.get(key);
  }

  add(key: CacheKey, flight: Flight): void {
    this.#of(flight).set(key, flight);
    this.#underWay.add(flight);
    // Ended from outside: from this moment nobody may join it.
    flight.signal.addEventListener("abort", () => this.remove(key, flight));
  }

  /** The flight is over, or nobody may join it any more. */
  remove(key: CacheKey, flight: Flight): void {
    this.#underWay.delete(flight);
    const flights = this.#of(flight);
    if (flights.get(key) === flight) flights.delete(key);
  }

  /** What is under way for the key answers only those who already wait for it, and is not kept. */
  disown(key: CacheKey): void {
    disownIn(this.#forced, key);
    this.disownOrdinary(key);
  }

  /** As `disown`, for all but a forced flight. */
  disownOrdinary(key: CacheKey): void {
    disownIn(this.#ordinary, key);
  }

  endAll(error: Error): void {
    for (const flight of [...this.#underWay]) flight.end(error);
  }

  #of(flight: Flight): Map<CacheKey, Flight> {
    return flight.trigger === "forced" ? this.#forced : this.#ordinary;
  }
}

function disownIn(flights: Map<CacheKey, Flight>, key: CacheKey): void {
  flights.get(key)?.disown();
  flights.delete(key);
}

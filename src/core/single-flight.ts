import type { CacheKey } from "../domain/cache-key.ts";
import type { Flight } from "./flight.ts";

interface Place {
  readonly key: CacheKey;
  /** The slot without claims that the flight writes. */
  readonly slot: CacheKey;
  readonly flight: Flight;
  /** The flight answers a claims challenge. */
  readonly isChallenge: boolean;
}

/**
 * The flights under way, at most one per key and kind: callers of one key share one assertion
 * and one POST. A forced flight is a kind of its own: who forces a refresh must not be answered
 * by one begun before, while whoever just wants a token may be answered by it.
 */
export class SingleFlight {
  readonly #ordinary = new Map<CacheKey, Flight>();
  readonly #forced = new Map<CacheKey, Flight>();
  /** In the order in which they were begun. */
  readonly #underWay = new Map<Flight, Place>();

  /** The flight that any caller of the key may join. */
  find(key: CacheKey): Flight | undefined {
    return this.#forced.get(key) ?? this.#ordinary.get(key);
  }

  findForced(key: CacheKey): Flight | undefined {
    return this.#forced.get(key);
  }

  add(place: Place): void {
    const { key, flight } = place;
    this.#of(flight).set(key, flight);
    this.#underWay.set(flight, place);
    // Ended from outside: from this moment nobody may join it.
    flight.signal.addEventListener("abort", () => this.remove(flight));
  }

  /** The flight is over, or nobody may join it any more. */
  remove(flight: Flight): void {
    const place = this.#underWay.get(flight);
    if (place === undefined) return;
    this.#underWay.delete(flight);
    this.#unlist(place);
  }

  /** What is under way for the slot, other challenges apart, answers only its waiters and is not kept. */
  disownUnchallenged(slot: CacheKey): void {
    this.#disown((place) => place.slot === slot && !place.isChallenge);
  }

  /**
   * A flight has landed: those for the same slot that were begun before it are not kept, nor, when
   * it answers a challenge, those that answer none. What answers a challenge is behind another
   * challenge only: a plain flight begun meanwhile knows nothing of what was refused.
   */
  disownBehind(landed: Flight): void {
    const own = this.#underWay.get(landed);
    if (own === undefined) return;
    let isOlder = true;
    this.#disown((place) => {
      if (place === own) isOlder = false;
      const isBehind = place.isChallenge ? isOlder && own.isChallenge : isOlder || own.isChallenge;
      return place !== own && place.slot === own.slot && isBehind;
    });
  }

  /** What is under way for the slot, or for any without one, answers only its waiters and is not kept. */
  disownAll(slot?: CacheKey): void {
    this.#disown((place) => slot === undefined || place.slot === slot);
  }

  endAll(error: Error): void {
    for (const flight of [...this.#underWay.keys()]) flight.end(error);
  }

  #disown(isMeant: (place: Place) => boolean): void {
    for (const place of this.#underWay.values()) {
      if (!isMeant(place)) continue;
      place.flight.disown();
      this.#unlist(place);
    }
  }

  #unlist({ key, flight }: Place): void {
    const flights = this.#of(flight);
    if (flights.get(key) === flight) flights.delete(key);
  }

  #of(flight: Flight): Map<CacheKey, Flight> {
    return flight.trigger === "forced" ? this.#forced : this.#ordinary;
  }
}

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Subject } from "./ledger.ts";
import { Tally } from "./tally.ts";

const CHANNEL = "lru-cache:metrics";

/** The part of a cache that is looked at. */
interface Cache {
  readonly max: number;
  readonly size: number;
  has(key: unknown): boolean;
}

/** Who owns the cache of so many entries: that number tells caches apart. */
export type OwnerOf = (maxEntries: number) => Subject;

/** Counts what leaves the caches, from what lru-cache itself publishes of each operation. */
export class Evictions {
  readonly tally: Tally = new Tally();
  readonly #ownerOf: OwnerOf;
  readonly #caches = new Map<string, Cache>();
  readonly #sizes = new Map<string, number>();
  #isLooking = false;
  readonly #saw = (message: unknown): void => {
    if (this.#isLooking || typeof message !== "object" || message === null) return;
    const cache: unknown = Reflect.get(message, "cache");
    if (!isCache(cache)) return;
    const { name } = this.#ownerOf(cache.max);
    this.#caches.set(name, cache);
    if (Reflect.get(message, "op") === "delete") this.#deleting(name, cache, message);
    if (Reflect.get(message, "set") === "add") this.#added(name, cache);
  };

  constructor(ownerOf: OwnerOf) {
    this.#ownerOf = ownerOf;
    subscribe(CHANNEL, this.#saw);
  }

  [Symbol.dispose](): void {
    unsubscribe(CHANNEL, this.#saw);
  }

  /** All tokens of a credential are to be forgotten: the one thing lru-cache does not tell. */
  clearing({ name }: Subject): void {
    const held = this.#caches.get(name)?.size ?? 0;
    this.#left(name, "invalidated", held);
    this.#sizes.set(name, 0);
  }

  // Told before it happens.
  #deleting(name: string, cache: Cache, message: object): void {
    this.#isLooking = true;
    const isThere = cache.has(Reflect.get(message, "key"));
    this.#isLooking = false;
    if (!isThere) return;
    this.#left(name, "invalidated", 1);
    this.#sizes.set(name, cache.size - 1);
  }

  // Told after it happened: one more token and no more entries, so one had to go.
  #added(name: string, cache: Cache): void {
    if (this.#sizes.get(name) === cache.size) this.#left(name, "room", 1);
    this.#sizes.set(name, cache.size);
  }

  #left(name: string, why: "invalidated" | "room", count: number): void {
    if (count > 0) this.tally.add({ "entra.credential.name": name, why }, count);
  }
}

function isCache(value: unknown): value is Cache {
  return typeof value === "object" && value !== null && "max" in value && "size" in value;
}

import { ATTRIBUTES } from "./attributes.ts";
import { MAX_CREDENTIAL_NAMES, MAX_IDENTITIES, METRIC_IDENTITY, OTHER } from "./registry.ts";
import type { AttributeValues, ErrorType, IdentityName } from "./registry-types.ts";
import { sharedState } from "./shared-state.ts";

/** Where the token of a counted call came from. */
export type CountedSource = (typeof ATTRIBUTES)["entra.credential.token.source"]["values"][number];

/** What tells the series of credentials apart: the name, and what an application opted in to. */
export type SeriesAttributes = AttributeValues<"entra.credential.name" | IdentityName>;

/** Values for the attributes that an application opted in to. */
export type SeriesIdentity = AttributeValues<IdentityName>;

/** So many calls that ended alike. */
export interface AcquisitionCount {
  readonly source: CountedSource;
  readonly errorType: ErrorType | undefined;
  readonly count: number;
}

/** The calls of all credentials of one name and identity. Plain integers to be incremented: that is all a hit pays. */
export class Series {
  readonly attributes: SeriesAttributes;
  /** The name as it is reported. */
  readonly name: string;
  /** Calls that ended without an error. */
  readonly ended: Record<CountedSource, number> = {
    cache: 0,
    stale_cache: 0,
    authority: 0,
    shared: 0,
    none: 0,
  };
  /** Calls that wait and flights under way; kept in the series of the name alone. */
  readonly active = { waiting: 0, refreshing: 0 };
  readonly #failed = new Map<ErrorType, number>();

  constructor(name: string, identity: SeriesIdentity = {}) {
    this.name = name;
    this.attributes = Object.freeze({ "entra.credential.name": name, ...identity });
  }

  failed(errorType: ErrorType): void {
    this.#failed.set(errorType, (this.#failed.get(errorType) ?? 0) + 1);
  }

  /** The counts as they stand; what never happened is left out. */
  *read(): Generator<AcquisitionCount> {
    for (const source of ATTRIBUTES["entra.credential.token.source"].values) {
      const count = this.ended[source];
      if (count > 0) yield { source, errorType: undefined, count };
    }
    for (const [errorType, count] of this.#failed) yield { source: "none", errorType, count };
  }
}

/**
 * All series. They outlive the credentials, since a counter must not fall, and are bounded: so many
 * names, so many identities over all names, and what comes later counts as `_OTHER`.
 */
export class SeriesBook {
  readonly #byName = new Map<string, NamedSeries>();
  readonly #others = new NamedSeries(OTHER);
  #hasOthers = false;
  #identities = 0;

  /** The series of a name: its own, or that of `_OTHER` when there are too many names. */
  of(name: string): Series {
    return this.#named(name).plain;
  }

  /** The series of a name and an identity; an identity without members is none. */
  identified(name: string, identity: SeriesIdentity): Series {
    const named = this.#named(name);
    const key = keyOf(identity);
    if (key === undefined) return named.plain;
    const known = named.identified.get(key);
    if (known !== undefined) return known;
    if (this.#identities >= MAX_IDENTITIES) return named.overflow(identity);
    this.#identities += 1;
    const series = new Series(named.plain.name, identity);
    named.identified.set(key, series);
    return series;
  }

  *all(): Generator<Series> {
    for (const named of this.#byName.values()) yield* named.all();
    yield* this.#others.all();
  }

  /** The series of the names alone. */
  *named(): Generator<Series> {
    for (const { plain } of this.#byName.values()) yield plain;
    if (this.#hasOthers) yield this.#others.plain;
  }

  #named(name: string): NamedSeries {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (name === OTHER || this.#byName.size >= MAX_CREDENTIAL_NAMES) {
      this.#hasOthers = true;
      return this.#others;
    }
    const named = new NamedSeries(name);
    this.#byName.set(name, named);
    return named;
  }
}

class NamedSeries {
  readonly plain: Series;
  readonly identified = new Map<string, Series>();
  // By which attributes were opted in to: credentials of one name may differ in that.
  readonly #overflow = new Map<string, Series>();

  constructor(name: string) {
    this.plain = new Series(name);
  }

  overflow(identity: SeriesIdentity): Series {
    const members = METRIC_IDENTITY.filter((name) => identity[name] !== undefined);
    const key = members.join();
    const known = this.#overflow.get(key);
    if (known !== undefined) return known;
    const others = Object.fromEntries(members.map((name) => [name, OTHER]));
    const series = new Series(this.plain.name, others);
    this.#overflow.set(key, series);
    return series;
  }

  *all(): Generator<Series> {
    yield this.plain;
    yield* this.identified.values();
    yield* this.#overflow.values();
  }
}

// No member can hold a line feed: tenants and clients are checked, and a scope ends at white space.
function keyOf(identity: SeriesIdentity): string | undefined {
  const values = METRIC_IDENTITY.map((name) => identity[name]);
  return values.some((value) => value !== undefined) ? values.join("\n") : undefined;
}

/** The series of this process: credentials of one name share theirs. */
export const seriesBook: SeriesBook = sharedState("series", () => new SeriesBook());

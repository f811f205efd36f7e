import { ATTRIBUTES, MAX_CREDENTIAL_NAMES } from "./registry.ts";
import type { AttributeValues, ErrorType } from "./registry-types.ts";

/** Where the token of a counted call came from. */
export type CountedSource = NonNullable<
  AttributeValues<"entra.credential.token.source">["entra.credential.token.source"]
>;

/** So many calls that ended alike. */
export interface AcquisitionCount {
  readonly name: string;
  readonly source: CountedSource;
  readonly errorType: ErrorType | undefined;
  readonly count: number;
}

/** The calls of all credentials of one name. */
export class NamedCounts {
  /** The name as it is reported. */
  readonly name: string;
  /** Calls without an error. Plain integers to be incremented: that is all a hit pays. */
  readonly ended: Record<CountedSource, number> = {
    cache: 0,
    stale_cache: 0,
    store: 0,
    authority: 0,
    shared: 0,
    none: 0,
  };
  readonly #failed = new Map<ErrorType, number>();

  constructor(name: string) {
    this.name = name;
  }

  failed(errorType: ErrorType): void {
    this.#failed.set(errorType, (this.#failed.get(errorType) ?? 0) + 1);
  }

  /** The counts as they stand; what never happened is left out. */
  *read(): Generator<AcquisitionCount> {
    const { name, ended } = this;
    for (const source of ATTRIBUTES["entra.credential.token.source"].values) {
      const count = ended[source];
      if (count > 0) yield { name, source, errorType: undefined, count };
    }
    for (const [errorType, count] of this.#failed) yield { name, source: "none", errorType, count };
  }
}

/**
 * The counts of all names. They outlive the credentials, since a counter must not fall, and the
 * cap on names keeps them few.
 */
export class AcquisitionCounts {
  readonly #byName = new Map<string, NamedCounts>();
  readonly #others = new NamedCounts("_OTHER");

  /** The counts of a name: its own, or those of `_OTHER` when there are too many names. */
  of(name: string): NamedCounts {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (name === this.#others.name || this.#byName.size >= MAX_CREDENTIAL_NAMES)
      return this.#others;
    const counts = new NamedCounts(name);
    this.#byName.set(name, counts);
    return counts;
  }

  *read(): Generator<AcquisitionCount> {
    for (const counts of this.#byName.values()) yield* counts.read();
    yield* this.#others.read();
  }
}

/** The counts of this process: credentials of one name share a series. */
export const acquisitionCounts: AcquisitionCounts = new AcquisitionCounts();

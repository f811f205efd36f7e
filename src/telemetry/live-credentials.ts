import type { AttributeValues } from "./registry-types.ts";
import type { SeriesAttributes } from "./series.ts";
import { sharedState } from "./shared-state.ts";

type AssertionKind = NonNullable<
  AttributeValues<"entra.credential.assertion.kind">["entra.credential.assertion.kind"]
>;

/** What can be read of a credential while it is open. */
export interface LiveCredential {
  /** Its name as it is reported. */
  readonly name: string;
  readonly assertionKind: AssertionKind;
  /** How many tokens its cache has room for. */
  readonly limit: number;
  /** Looks at every token of the cache. */
  survey(): TokenSurvey;
  /** When the certificate that signs its assertions ends, in epoch milliseconds, if that is known. */
  certificateExpiresOn(): number | undefined;
}

/** What the tokens of a cache come to. */
export interface TokenSurvey {
  /** Tokens that have not expired. */
  readonly usable: number;
  /**
   * When the first of those in use expires, in epoch milliseconds, by series. In use is what a caller
   * got within the last quarter of an hour: nobody would miss another.
   */
  readonly expiries: ReadonlyMap<SeriesAttributes, number>;
}

// Weak, since a credential that was dropped without being closed must not live on here.
const live = sharedState("credentials", () => new Set<WeakRef<LiveCredential>>());
const references = new WeakMap<LiveCredential, WeakRef<LiveCredential>>();

/** Makes a credential readable until it is no longer watched, or nobody holds this object. */
export function watchCredential(credential: LiveCredential): void {
  const reference = new WeakRef(credential);
  references.set(credential, reference);
  live.add(reference);
}

export function unwatchCredential(credential: LiveCredential): void {
  const reference = references.get(credential);
  if (reference !== undefined) live.delete(reference);
}

/** The credentials that are open. */
export function* liveCredentials(): Generator<LiveCredential> {
  for (const reference of live) {
    const credential = reference.deref();
    if (credential === undefined) live.delete(reference);
    else yield credential;
  }
}

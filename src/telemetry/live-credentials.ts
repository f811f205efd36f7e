import type { AttributeValues } from "./registry-types.ts";
import type { SeriesAttributes } from "./series.ts";

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
  /** Tokens in the cache that have not expired. */
  usable(): Iterable<LiveToken>;
  /** When the certificate that signs its assertions ends, in epoch milliseconds, if that is known. */
  certificateExpiresOn(): number | undefined;
}

/** A token in the cache that has not expired. */
export interface LiveToken {
  /** The same object for all tokens of one series. */
  readonly series: SeriesAttributes;
  /** Epoch milliseconds. */
  readonly expiresOn: number;
  /** Whether a caller would miss it: one got it within the last quarter of an hour. */
  readonly isInUse: boolean;
}

// Weak, since a credential that was dropped without being closed must not live on here.
const live = new Set<WeakRef<LiveCredential>>();
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

import type { AssertionKind, GetAssertion } from "../domain/assertion.ts";

/**
 * A `getAssertion` that says where its assertions come from.
 *
 * Goes wherever a plain callback goes, as the third argument of a credential. One source
 * may serve any number of credentials and calls at once.
 */
export type AssertionSource = GetAssertion & {
  readonly kind: AssertionKind;
  /**
   * When the certificate that signs now ends, in epoch milliseconds.
   *
   * Changes when a certificate is replaced on disk. Undefined for sources without a
   * certificate, and until the files have been read for the first time.
   */
  readonly certificateExpiresOn?: number | undefined;
};

/** What makes a callback a source. */
export interface AssertionSourceParts {
  readonly kind: AssertionKind;
  /** A function of its own: it becomes the source. */
  readonly getAssertion: GetAssertion;
  /** Asked on each access, so it must be cheap. */
  readonly certificateExpiresOn?: () => number | undefined;
}

/** Turns a callback into a source by giving it its kind and, where known, its certificate's end. */
export function assertionSource(parts: AssertionSourceParts): AssertionSource {
  const source: AssertionSource = Object.assign(parts.getAssertion, { kind: parts.kind });
  const get = parts.certificateExpiresOn;
  if (get) Object.defineProperty(source, "certificateExpiresOn", { get, enumerable: true });
  return Object.freeze(source);
}

/**
 * The caller's own signal ended the caller's own wait. Not a credential error:
 * nothing failed. `cause` is the signal's own reason, if it has one.
 */
export class AbortError extends Error {
  override readonly name = "AbortError";

  constructor(message = "The operation was aborted.", options?: ErrorOptions) {
    super(message, options);
  }
}

/** The error for a caller whose signal fired. An `AbortSignalLike` of older Azure SDKs has no `reason`. */
export function abortErrorFor(signal: { readonly reason?: unknown }): AbortError {
  return new AbortError(
    undefined,
    signal.reason === undefined ? undefined : { cause: signal.reason },
  );
}

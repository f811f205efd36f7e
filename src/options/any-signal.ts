import type { GetTokenOptions } from "@azure/core-auth";

/** A signal as the Azure SDKs pass it: theirs or the platform's. */
export type AbortSignalLike = NonNullable<GetTokenOptions["abortSignal"]>;

/** Fires with the first of two signals, which may lack what `AbortSignal.any` needs. */
export function anySignal(
  one: AbortSignalLike,
  other: AbortSignalLike,
): AbortSignalLike & { readonly reason: unknown } {
  return {
    get aborted() {
      return one.aborted || other.aborted;
    },
    get reason() {
      return Reflect.get(one.aborted ? one : other, "reason");
    },
    addEventListener(type, listener, options) {
      for (const signal of [one, other]) signal.addEventListener(type, listener, options);
    },
    removeEventListener(type, listener, options) {
      for (const signal of [one, other]) signal.removeEventListener(type, listener, options);
    },
  };
}

import type { CallerLimits } from "./abortable.ts";

/** What one call wants beyond its request. */
export interface Call extends CallerLimits {
  readonly forceRefresh: boolean;
  /** A token with less left counts as expiring. */
  readonly minimumValidityMs: number;
  /** The caller's tracing context, opaque here. */
  readonly callerContext: unknown;
}

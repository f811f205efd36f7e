import type { CachedToken } from "../domain/cached-token.ts";
import type { CredentialError } from "../domain/errors.ts";

/** Where the token of a call came from. */
export type TokenSource = "cache" | "stale_cache" | "authority" | "shared";

/** Why a flight was started. */
export type RefreshTrigger = "on_demand" | "proactive" | "claims_challenge" | "forced";

/** Why an attempt is made again. */
export type RetryReason =
  | "throttled"
  | "server_error"
  | "timeout"
  | "network_error"
  | "invalid_response"
  | "assertion_expired";

export type CircuitState = "closed" | "open" | "half_open";

/** Something that takes time and is observed from its begin to its end. */
export type Activity =
  | {
      /** A call that had to wait. Calls answered at once are announced with `served`. */
      readonly type: "acquisition";
      readonly tenantId: string;
      /** Undefined for a call that was refused before it came to a request. */
      readonly resource: string | undefined;
      /** The caller's `tracingOptions.tracingContext`, opaque to the core. */
      readonly callerContext: unknown;
    }
  | {
      readonly type: "flight";
      readonly trigger: RefreshTrigger;
      readonly tenantId: string;
      readonly resource: string;
      readonly correlationId: string;
    }
  | { readonly type: "assertion" }
  | {
      readonly type: "attempt";
      /** 1 for the first of a flight. */
      readonly attempt: number;
      readonly url: string;
    };

/** How an activity ended. `abandoned` is nobody's error: whoever wanted it has left. */
export type Outcome =
  | { readonly type: "acquired"; readonly source: TokenSource; readonly token: CachedToken }
  | { readonly type: "issued"; readonly attempts: number }
  | { readonly type: "asserted" }
  | {
      readonly type: "answered";
      readonly statusCode: number;
      readonly serviceRequestId: string | undefined;
      /** What the answer means, when it is not a token. */
      readonly error: CredentialError | undefined;
    }
  | { readonly type: "failed"; readonly error: CredentialError }
  | { readonly type: "abandoned" };

/** A fact without duration. */
export type AcquisitionEvent =
  | { readonly type: "retry.scheduled"; readonly reason: RetryReason; readonly delayMs: number }
  | { readonly type: "throttled"; readonly retryAfterMs: number }
  | { readonly type: "circuit.changed"; readonly state: CircuitState }
  | { readonly type: "clock.skewed"; readonly skewMs: number };

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

/** `half_open` when one request tries, or may try, whether the authority is back. */
export type CircuitState = "closed" | "open" | "half_open";

/** Why a token was let go before it was replaced: no room, its end had passed already, or its owner said so. */
export type EvictionReason = "capacity" | "expired" | "invalidated";

/** A call that had to wait, or was refused. Calls answered at once are announced with `served`. */
export interface Acquisition {
  readonly tenantId: string;
  /** Undefined for a call that was refused before it came to a request. */
  readonly resource: string | undefined;
  /** The caller's `tracingOptions.tracingContext`, opaque to the core. */
  readonly callerContext: unknown;
}

/** A flight, from its start until its waiters know. */
export interface FlightFacts {
  readonly trigger: RefreshTrigger;
  readonly tenantId: string;
  readonly resource: string;
  readonly correlationId: string;
  /** Scheme, host and port of the authority. */
  readonly origin: string;
}

/** One token request of a flight. */
export interface AttemptFacts {
  /** 1 for the first of a flight. */
  readonly attempt: number;
  readonly url: string;
}

/** Nobody's error: whoever wanted it has left. */
export interface Abandoned {
  readonly type: "abandoned";
}

export interface Failed {
  readonly type: "failed";
  readonly error: CredentialError;
}

export type AcquisitionOutcome =
  | { readonly type: "acquired"; readonly source: TokenSource; readonly token: CachedToken }
  | Failed
  | Abandoned;

export type FlightOutcome =
  | { readonly type: "issued"; readonly attempts: number; readonly token: CachedToken }
  /** `remaining` is the token that can still be served. */
  | (Failed & { readonly remaining: CachedToken | undefined })
  | Abandoned;

export type AssertionOutcome = { readonly type: "asserted" } | Failed | Abandoned;

export type AttemptOutcome =
  | {
      readonly type: "answered";
      readonly statusCode: number;
      readonly serviceRequestId: string | undefined;
      /** What the answer means, when it is not a token. */
      readonly error: CredentialError | undefined;
    }
  | Failed
  | Abandoned;

/** A fact of a flight, without duration. */
export type FlightEvent =
  | {
      readonly type: "retry.scheduled";
      readonly reason: RetryReason;
      readonly delayMs: number;
    }
  | { readonly type: "throttled"; readonly retryAfterMs: number }
  | { readonly type: "clock.skewed"; readonly skewMs: number };

/** A fact of a credential that belongs to no flight. */
export type CredentialEvent =
  /** Callers get an old token since its refresh failed: told once for each time the gate is shut. */
  | { readonly type: "stale.served"; readonly token: CachedToken; readonly error: CredentialError }
  | {
      readonly type: "cache.evicted";
      readonly token: CachedToken;
      readonly reason: EvictionReason;
    };

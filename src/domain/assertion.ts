/** How far a clock may be off before an assertion is held to be outside its validity: as far as Entra allows. */
export const CLOCK_TOLERANCE_MS = 300_000;

/** What an assertion source is told about the request it signs for. */
export interface AssertionRequest {
  readonly clientId: string;
  /** The tenant that is asked, lower case: a per-call tenant when there is one. */
  readonly tenantId: string;
  /** The audience of the assertion. */
  readonly tokenEndpoint: string;
  /** Fires when nobody waits for the assertion any more or its time is up. */
  readonly abortSignal: AbortSignal;
}

/**
 * Gives a signed JWT (RFC 7523) that proves the identity of the client.
 *
 * Called once per attempt and never on a cache hit. Calls happen at once for different tenants and
 * scopes, and for one scope when a refresh is forced. What it throws reaches the caller as `AssertionUnavailableError`.
 */
export interface GetAssertion {
  (request: AssertionRequest): string | Promise<string>;
  /** Where the assertions come from; a plain function is a `callback`. */
  readonly kind?: AssertionKind;
  /**
   * When the certificate that signs ends, in epoch milliseconds; undefined when there is none or it is
   * not known yet. Read for a gauge and a warning, so it may change and must be cheap.
   */
  readonly certificateExpiresOn?: number | undefined;
}

/** Names where an assertion comes from, for telemetry; sources of `affiant/assertions` carry it. */
export type AssertionKind = "callback" | "certificate" | "file";

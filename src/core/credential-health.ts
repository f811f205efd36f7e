import type { CircuitStatus } from "./ports.ts";
import type { TokenSlots } from "./token-slots.ts";
import type { VitalSigns, Vitals } from "./vitals.ts";

/**
 * How a credential fares, for health and readiness probes. A service whose tokens are usable is
 * ready, whatever its authority does; compare the nearest expiry with what an outage may last.
 */
export interface CredentialHealth extends VitalSigns {
  /** The circuit of the authority, as seen by this credential and those that share its resilience. */
  readonly circuit: CircuitStatus;
  /** Tokens in the cache that have not expired. */
  readonly usableTokens: number;
  /** When the first of them expires, in milliseconds since 1970. */
  readonly nearestExpiryTimestamp?: number;
}

/** Looks at every token of the cache: meant for a probe every few seconds, not for every call. */
export function credentialHealth(parts: {
  readonly circuit: CircuitStatus;
  readonly slots: TokenSlots;
  readonly vitals: Vitals;
}): CredentialHealth {
  const expiries = [...parts.slots.allUsable()].map(
    (token) => token.accessToken().expiresOnTimestamp,
  );
  const nearest = expiries.reduce((first, next) => Math.min(first, next), Number.POSITIVE_INFINITY);
  return Object.freeze({
    ...parts.vitals.report(),
    circuit: Object.freeze({ ...parts.circuit }),
    usableTokens: expiries.length,
    ...(expiries.length > 0 && { nearestExpiryTimestamp: nearest }),
  });
}

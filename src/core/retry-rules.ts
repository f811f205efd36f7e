import { ASSERTION_EXPIRED } from "../domain/entra-codes.ts";
import {
  AcquisitionTimeoutError,
  type CredentialError,
  MalformedResponseError,
  TokenEndpointError,
  TransportError,
} from "../domain/errors.ts";
import type { RetryReason } from "./events.ts";

/** The system code of a request that was not sent, since too many waited already: more would only wait longer. */
export const QUEUE_FULL = "QUEUE_FULL";

/** Why an attempt that failed so is worth another; undefined when it is not. */
export function retryReason(error: unknown): RetryReason | undefined {
  if (error instanceof TransportError) {
    return error.transient && error.systemCode !== QUEUE_FULL ? "network_error" : undefined;
  }
  if (error instanceof MalformedResponseError) {
    return isRedirect(error.statusCode) ? undefined : "invalid_response";
  }
  if (error instanceof AcquisitionTimeoutError) {
    return error.budget === "attempt" ? "timeout" : undefined;
  }
  if (!(error instanceof TokenEndpointError)) return undefined;
  if (error.entraCode === ASSERTION_EXPIRED) return "assertion_expired";
  if (!error.transient) return undefined;
  if (error.statusCode === 429) return "throttled";
  return error.statusCode === 408 ? "timeout" : "server_error";
}

// This process ran out of handles or buffers: nothing that an authority can do.
const LOCAL_EXHAUSTION = new Set(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]);

/** Whether the failure is the authority's own: what opens its circuit. A refusal, its right, is none. */
export function isAuthorityFailure(error: unknown): error is CredentialError {
  if (error instanceof TransportError) return error.transient && isOfAuthority(error);
  if (error instanceof TokenEndpointError) return error.statusCode >= 500;
  if (error instanceof AcquisitionTimeoutError) return error.budget === "attempt";
  return error instanceof MalformedResponseError;
}

function isOfAuthority({ systemCode, staleConnection }: TransportError): boolean {
  return !staleConnection && !LOCAL_EXHAUSTION.has(systemCode);
}

// Whoever redirects a token request will do so again.
function isRedirect(statusCode: number | undefined): boolean {
  return statusCode !== undefined && statusCode >= 300 && statusCode < 400;
}

import { ASSERTION_EXPIRED } from "../domain/entra-codes.ts";
import { type CredentialError, TokenEndpointError, TransportError } from "../domain/errors.ts";
import { systemCodeOf } from "../domain/system-code.ts";
import type { ErrorType } from "./registry-types.ts";

// RFC 6749 sections 4.1.2.1 and 5.2, and Entra's additions.
const OAUTH_ERRORS: ReadonlyMap<string, ErrorType> = new Map([
  ["invalid_client", "invalid_client"],
  ["unauthorized_client", "unauthorized_client"],
  ["invalid_request", "invalid_request"],
  ["invalid_scope", "invalid_scope"],
  // Entra's word for a scope whose resource it does not know.
  ["invalid_resource", "invalid_scope"],
  ["server_error", "authority_unavailable"],
  ["temporarily_unavailable", "authority_unavailable"],
]);

/** The `error.type` of an error, the same on spans and metrics: one of few words. */
export function errorType(error: CredentialError): ErrorType {
  switch (error.code) {
    case "ERR_CONFIGURATION":
      return "configuration";
    case "ERR_TENANT_NOT_ALLOWED":
      return "tenant_not_allowed";
    case "ERR_ASSERTION_UNAVAILABLE":
      return "assertion_failed";
    case "ERR_STORAGE_UNAVAILABLE":
      return "storage";
    case "ERR_CLOSED":
      return "closed";
    case "ERR_TOKEN_ENDPOINT":
      return error instanceof TokenEndpointError ? refusalType(error) : "_OTHER";
    case "ERR_MALFORMED_RESPONSE":
      return "invalid_response";
    case "ERR_TRANSPORT":
      return "network_error";
    case "ERR_TIMEOUT":
      return "timeout";
    case "ERR_CIRCUIT_OPEN":
      return "circuit_open";
    default:
      return error.code satisfies never;
  }
}

/**
 * The `error.type` of a POST, by the HTTP conventions: the status that refused, or the system code
 * of the network's failure. A failure they have no word for gets ours.
 */
export function httpErrorType(error: CredentialError, statusCode?: number): string {
  if (statusCode !== undefined && statusCode >= 400) return String(statusCode);
  if (!(error instanceof TransportError)) return errorType(error);
  const { systemCode } = error;
  // A transport of the caller's own may put anything there.
  const code = systemCodeOf({ code: systemCode });
  return code === undefined || code === "UNKNOWN" ? "_OTHER" : code;
}

function refusalType({ statusCode, entraCode, errorResponse }: TokenEndpointError): ErrorType {
  if (entraCode === ASSERTION_EXPIRED) return "assertion_expired";
  if (statusCode === 429) return "throttled";
  if (statusCode === 408) return "timeout";
  if (statusCode >= 500) return "authority_unavailable";
  if (errorResponse.claims !== undefined) return "claims_required";
  return OAUTH_ERRORS.get(errorResponse.error) ?? "_OTHER";
}

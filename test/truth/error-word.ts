import { CredentialError, TokenEndpointError, TransportError } from "../../src/index.ts";

/**
 * The `error.type` that docs/telemetry.md promises for an error that a caller saw; undefined for
 * what is no error of the credential's, a caller's abort. Written here once more, from the page.
 */
export function errorWord(error: unknown): string | undefined {
  if (error instanceof TokenEndpointError) return refusalWord(error);
  return error instanceof CredentialError ? BY_CODE[error.code] : undefined;
}

/** The same of a request: its status, or the system's code. */
export function postErrorWord(error: unknown, status: number | undefined): string | undefined {
  if (status !== undefined && status >= 400) return String(status);
  return error instanceof TransportError ? error.systemCode : errorWord(error);
}

const BY_CODE: Readonly<Record<string, string>> = {
  ERR_CONFIGURATION: "configuration",
  ERR_TENANT_NOT_ALLOWED: "tenant_not_allowed",
  ERR_ASSERTION_UNAVAILABLE: "assertion_failed",
  ERR_CLOSED: "closed",
  ERR_MALFORMED_RESPONSE: "invalid_response",
  ERR_TRANSPORT: "network_error",
  ERR_TIMEOUT: "timeout",
  ERR_CIRCUIT_OPEN: "circuit_open",
};

const BY_OAUTH_ERROR: Readonly<Record<string, string>> = {
  invalid_client: "invalid_client",
  unauthorized_client: "unauthorized_client",
  invalid_request: "invalid_request",
  invalid_scope: "invalid_scope",
  invalid_resource: "invalid_scope",
};

function refusalWord({ statusCode, entraCode, errorResponse }: TokenEndpointError): string {
  if (entraCode === 700024) return "assertion_expired";
  if (statusCode === 429) return "throttled";
  if (statusCode >= 500) return "authority_unavailable";
  if (errorResponse.claims !== undefined) return "claims_required";
  return BY_OAUTH_ERROR[errorResponse.error] ?? "_OTHER";
}

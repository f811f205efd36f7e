import type { EntraRefusal } from "./entra-refusal.ts";

/**
 * The refusals of a client credentials request, with the numbers and the wording of Entra.
 * Where Entra's own number is not published, the nearest one that is stands in; those say so.
 */

/** The path holds no tenant. */
export function malformedTenant(tenant: string): EntraRefusal {
  return invalidRequest(
    900023,
    `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
  );
}

/** The authority was given a list of tenants, without this one. */
export function unknownTenant(tenant: string): EntraRefusal {
  return invalidRequest(
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the ` +
      "correct cloud. Check with your subscription administrator, this may happen if there are no active " +
      "subscriptions for the tenant.",
  );
}

/** `common` and its like name no tenant, and a client without a user implies none. */
export function noTenantImplied(): EntraRefusal {
  return invalidRequest(
    50059,
    "No tenant-identifying information found in either the request or implied by any provided credentials.",
  );
}

/** The token endpoint was asked with another method than POST. */
export function postOnly(method: string): EntraRefusal {
  const message = `The endpoint only accepts POST requests. Received a ${method} request.`;
  return { ...invalidRequest(900561, message), status: 405 };
}

/** The body is larger than any token request; the number is a stand-in. */
export function bodyTooLarge(limit: number): EntraRefusal {
  return { ...malformedRequest(`The body exceeds ${limit} bytes.`), status: 413 };
}

/** The request cannot be understood; the number is Entra's general one. */
export function malformedRequest(reason: string): EntraRefusal {
  return invalidRequest(9002313, `Invalid request. Request is malformed or invalid. ${reason}`);
}

/** A parameter was sent twice. */
export function duplicateParameter(name: string): EntraRefusal {
  return invalidRequest(
    9000411,
    `The request is not properly formatted. The parameter '${name}' is duplicated.`,
  );
}

/** A required parameter is absent or empty. */
export function missingParameter(name: string): EntraRefusal {
  return invalidRequest(
    900144,
    `The request body must contain the following parameter: '${name}'.`,
  );
}

/** Another grant than client credentials. */
export function unsupportedGrant(grantType: string): EntraRefusal {
  const message = `The app requested an unsupported grant type '${grantType}'.`;
  return { status: 400, error: "unsupported_grant_type", code: 70003, message };
}

/** Another assertion type than a JWT; the number is Entra's general one. */
export function unsupportedAssertionType(type: string): EntraRefusal {
  return invalidRequest(90023, `Unsupported 'client_assertion_type' value '${type}'.`);
}

/** Neither proof of the client was sent. */
export function missingProof(): EntraRefusal {
  return invalidClient(
    7000218,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  );
}

/** A secret was sent: no client here has one. */
export function wrongSecret(clientId: string): EntraRefusal {
  return invalidClient(
    7000215,
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, " +
      `not the client secret ID, for a secret added to app '${clientId}'.`,
  );
}

/** A scope that is not a resource followed by `/.default`. */
export function scopeWithoutDefault(scope: string): EntraRefusal {
  return invalidScope(
    1002012,
    `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with ` +
      "/.default suffixed to the resource identifier (application ID URI).",
  );
}

/** A scope that names no resource. */
export function scopeWithoutResource(scope: string): EntraRefusal {
  return invalidScope(
    70011,
    `The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  );
}

/** Scopes of several resources, for which no single token can serve. */
export function severalResources(scopes: string): EntraRefusal {
  return invalidScope(
    28000,
    "Provided value for the input parameter scope is not valid because it contains more than one resource. " +
      `Scope ${scopes} is not valid.`,
  );
}

/** No client of this id was registered in this tenant. */
export function unknownClient(clientId: string, tenant: string): EntraRefusal {
  const message =
    `Application with identifier '${clientId}' was not found in the directory '${tenant}'. This can happen if the ` +
    "application has not been installed by the administrator of the tenant or consented to by any user in the " +
    "tenant. You may have sent your authentication request to the wrong tenant.";
  return { status: 400, error: "unauthorized_client", code: 700016, message };
}

function invalidRequest(code: number, message: string): EntraRefusal {
  return { status: 400, error: "invalid_request", code, message };
}

function invalidClient(code: number, message: string): EntraRefusal {
  return { status: 401, error: "invalid_client", code, message };
}

function invalidScope(code: number, message: string): EntraRefusal {
  return { status: 400, error: "invalid_scope", code, message };
}

import { RefusedRequest } from "./entra-refusal.ts";
import {
  duplicateParameter,
  malformedRequest,
  missingParameter,
  missingProof,
  scopeWithoutDefault,
  scopeWithoutResource,
  severalResources,
  unsupportedAssertionType,
  unsupportedGrant,
  wrongSecret,
} from "./refusals.ts";

/** What a sound client credentials request asks for, and by what it proves the client. */
export interface TokenForm {
  readonly clientId: string;
  /** The resource that the scope names, without `/.default`. */
  readonly resource: string;
  readonly assertion: string;
  /** The values of `xms_cc` that the claims ask for, such as `cp1`. */
  readonly capabilities?: readonly string[];
}

/** Reads a token request. @throws RefusedRequest at the first fault, in the order in which Entra finds them. */
export function readTokenForm(form: URLSearchParams): TokenForm {
  refuseDuplicates(form);
  const grantType = required(form, "grant_type");
  if (grantType !== "client_credentials") throw new RefusedRequest(unsupportedGrant(grantType));

  const clientId = required(form, "client_id");
  const resource = readResource(splitScopes(required(form, "scope")));
  const capabilities = readCapabilities(form.get("claims"));
  const assertion = readAssertion(form, clientId);
  return { clientId, resource, assertion, ...(capabilities === undefined ? {} : { capabilities }) };
}

/** The scopes of a form's `scope`. */
export function splitScopes(scope: string): readonly string[] {
  return scope.split(/\s+/).filter((each) => each !== "");
}

const SUFFIX = "/.default";

const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

function refuseDuplicates(form: URLSearchParams): void {
  const seen = new Set<string>();
  for (const name of form.keys()) {
    if (seen.has(name)) throw new RefusedRequest(duplicateParameter(name));
    seen.add(name);
  }
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name)?.trim();
  if (value === undefined || value === "") throw new RefusedRequest(missingParameter(name));
  return value;
}

function readResource(scopes: readonly string[]): string {
  const resources = new Set(scopes.map(resourceOf));
  const [resource, another] = resources;
  if (resource === undefined) throw new RefusedRequest(missingParameter("scope"));
  if (another !== undefined) throw new RefusedRequest(severalResources(scopes.join(" ")));
  return resource;
}

function resourceOf(scope: string): string {
  if (!scope.endsWith(SUFFIX)) throw new RefusedRequest(scopeWithoutDefault(scope));
  if (scope === SUFFIX) throw new RefusedRequest(scopeWithoutResource(scope));
  return scope.slice(0, -SUFFIX.length);
}

function readCapabilities(claims: string | null): readonly string[] | undefined {
  if (claims === null || claims === "") return undefined;

  const accessToken = memberOf(parseClaims(claims), "access_token");
  const values = memberOf(memberOf(accessToken, "xms_cc"), "values");
  if (!Array.isArray(values)) return undefined;
  return values.filter((value) => typeof value === "string");
}

function parseClaims(claims: string): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(claims);
  } catch {
    throw new RefusedRequest(malformedRequest("The 'claims' parameter is not valid JSON."));
  }
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new RefusedRequest(malformedRequest("The 'claims' parameter is not a JSON object."));
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function readAssertion(form: URLSearchParams, clientId: string): string {
  if (!form.get("client_assertion")) {
    throw new RefusedRequest(form.has("client_secret") ? wrongSecret(clientId) : missingProof());
  }
  const type = required(form, "client_assertion_type");
  if (type !== JWT_BEARER) throw new RefusedRequest(unsupportedAssertionType(type));
  return required(form, "client_assertion");
}

import type { AuthorityResponse } from "./authority-response.ts";
import type { DocumentRoute } from "./route.ts";
import { sharedSigningKey } from "./signing-key.ts";

/** Answers with a document in which the authority has this origin. */
export async function publishDocument(
  route: DocumentRoute,
  origin: string,
): Promise<AuthorityResponse> {
  switch (route.kind) {
    case "openid-configuration":
      return openIdConfiguration(origin, route.tenantId);
    case "keys":
      return keysDocument();
    case "instance":
      return instanceDocument(origin);
    default:
      return route satisfies never;
  }
}

/** The OpenID configuration of a tenant. */
function openIdConfiguration(origin: string, tenantId: string): AuthorityResponse {
  const isAdfs = tenantId === "adfs";
  const oauth2 = isAdfs ? `${origin}/adfs/oauth2` : `${origin}/${tenantId}/oauth2/v2.0`;
  const body = {
    issuer: isAdfs ? `${origin}/adfs` : `${origin}/${tenantId}/v2.0`,
    authorization_endpoint: `${oauth2}/authorize`,
    token_endpoint: `${oauth2}/token`,
    jwks_uri: isAdfs
      ? `${origin}/adfs/discovery/keys`
      : `${origin}/${tenantId}/discovery/v2.0/keys`,
    end_session_endpoint: `${oauth2}/logout`,
    token_endpoint_auth_methods_supported: ["private_key_jwt"],
    response_types_supported: ["code"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
  return { status: 200, body };
}

/** The keys by which a resource checks access tokens. */
async function keysDocument(): Promise<AuthorityResponse> {
  const { publicJwk } = await sharedSigningKey();
  return { status: 200, body: { keys: [publicJwk] } };
}

/** The answer to the question which hosts are the same cloud as this one: none but itself. */
function instanceDocument(origin: string): AuthorityResponse {
  const { host } = new URL(origin);
  const body = {
    tenant_discovery_endpoint: `${origin}/common/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
  return { status: 200, body };
}

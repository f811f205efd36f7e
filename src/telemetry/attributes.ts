/** Every attribute this package emits, by name. Those with `values` take no others. */
export const ATTRIBUTES = {
  "entra.credential.name": {
    type: "string",
    description: "The caller's label of the credential; the first 50 are told apart.",
  },
  "entra.credential.token.source": {
    type: "string",
    description: "Where the token of a call came from; none for a failed or abandoned call.",
    values: ["cache", "stale_cache", "authority", "shared", "none"],
  },
  "entra.credential.token.resource": {
    type: "string",
    description: "The resource the token is for.",
  },
  "entra.credential.token.expires_in": {
    type: "number",
    unit: "s",
    description: "How long the token that can be served still lasts.",
  },
  "entra.credential.token.request.state": {
    type: "string",
    description: "Whether a call waits for a token or a flight fetches one.",
    values: ["waiting", "refreshing"],
  },
  "entra.credential.refresh.trigger": {
    type: "string",
    description: "Why the flight was started.",
    values: ["on_demand", "proactive", "claims_challenge", "forced"],
  },
  "entra.credential.refresh.waiter_count": {
    type: "number",
    description: "How many calls waited for the flight.",
  },
  "entra.credential.refresh.attempt_count": {
    type: "number",
    description: "How many attempts the flight made.",
  },
  "entra.credential.retry.reason": {
    type: "string",
    description: "Why an attempt is made again.",
    values: [
      "throttled",
      "server_error",
      "timeout",
      "network_error",
      "invalid_response",
      "assertion_expired",
    ],
  },
  "entra.credential.retry.delay": {
    type: "number",
    unit: "s",
    description: "How long the retry waits.",
  },
  "entra.credential.throttle.delay": {
    type: "number",
    unit: "s",
    description: "How long the authority asked to be left alone.",
  },
  "entra.credential.circuit_breaker.state": {
    type: "string",
    description:
      "The state of the circuit of an authority; half_open when one request tries, or may try, whether it is back.",
    values: ["closed", "open", "half_open"],
  },
  "entra.credential.resilience.name": {
    type: "string",
    description:
      "The name given to createResilience, else the name of the credential; the first 50 are told apart.",
  },
  "entra.credential.assertion.kind": {
    type: "string",
    description: "Where the client assertions come from.",
    values: ["callback", "certificate", "file"],
  },
  "entra.credential.assertion.expires_in": {
    type: "number",
    unit: "s",
    description: "How long the certificate that signs the assertions still lasts.",
  },
  "entra.credential.cache.eviction.reason": {
    type: "string",
    description: "Why a token left the cache before it was replaced.",
    values: ["capacity", "expired", "invalidated"],
  },
  "entra.credential.clock.skew": {
    type: "number",
    unit: "s",
    description: "The authority's clock minus this machine's.",
  },
  "entra.tenant.id": { type: "string", description: "The tenant that is asked." },
  "entra.client.id": { type: "string", description: "The application that asks." },
  "entra.error.code": {
    type: "number",
    description: "The AADSTS number of the authority's refusal.",
  },
  "entra.correlation.id": {
    type: "string",
    description: "The client-request-id sent to the authority.",
  },
  "azure.service.request.id": {
    type: "string",
    description: "The authority's own id of the request, from x-ms-request-id.",
  },
  "azure.resource_provider.namespace": {
    type: "string",
    description: "The Azure service that is spoken to.",
    values: ["Microsoft.AAD"],
  },
  // On a POST the value is that of the HTTP conventions: a status, or a system code.
  "error.type": {
    type: "string",
    description: "The class of the error; absent on success and on a caller's abort.",
  },
  "http.request.method": {
    type: "string",
    description: "The method of the token request.",
    values: ["POST"],
  },
  "http.request.resend_count": {
    type: "number",
    description: "The ordinal number of the retry; absent on the first attempt.",
  },
  "http.response.status_code": {
    type: "number",
    description: "The status of the answer; absent when none came.",
  },
  "server.address": { type: "string", description: "The host of the authority." },
  "server.port": { type: "number", description: "The port of the authority." },
  "url.full": {
    type: "string",
    description:
      "The token endpoint, without a query; REDACTED for the tenant where tenants are not named.",
  },
} as const;

/** What `error.type` can be, save on a POST; a remembered error has the type of the one it repeats. */
export const ERROR_TYPES = [
  "timeout",
  "network_error",
  "throttled",
  "authority_unavailable",
  "circuit_open",
  "invalid_client",
  "unauthorized_client",
  "invalid_request",
  "invalid_scope",
  "assertion_failed",
  "assertion_expired",
  "claims_required",
  "invalid_response",
  "configuration",
  "tenant_not_allowed",
  "storage",
  "closed",
  "_OTHER",
] as const;

/**
 * Every span, metric and attribute this package emits, each once. Instruments are made from these
 * tables, and the types in registry-types.ts hold what is emitted against them.
 */
import { PACKAGE_NAME, PACKAGE_VERSION } from "../version.ts";

export interface InstrumentationScope {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl: string;
}

/** Who emits, and the semantic conventions it was coded against. */
export const SCOPE: InstrumentationScope = {
  name: PACKAGE_NAME,
  version: PACKAGE_VERSION,
  schemaUrl: "https://opentelemetry.io/schemas/1.45.0",
};

/** How many names of credentials are told apart; those that come later are `_OTHER`. */
export const MAX_CREDENTIAL_NAMES = 50;

/** How many waiting calls a flight's span links to, the first included. */
export const MAX_WAITER_LINKS = 32;

/** The attributes by name. Those with `values` take no others. */
export const ATTRIBUTES = {
  "entra.credential.name": {
    type: "string",
    description: "The caller's label of the credential; the first 50 are told apart.",
  },
  "entra.credential.token.source": {
    type: "string",
    description: "Where the token of a call came from; none for a failed or abandoned call.",
    values: ["cache", "stale_cache", "store", "authority", "shared", "none"],
  },
  "entra.credential.token.resource": {
    type: "string",
    description: "The resource the token is for.",
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
  "entra.credential.assertion.kind": {
    type: "string",
    description: "Where the client assertions come from.",
    values: ["callback", "certificate", "file"],
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
  "url.full": { type: "string", description: "The token endpoint, without a query." },
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

/** The spans by name. */
export const SPANS = {
  "ClientAssertionCredential.getToken": {
    kind: "INTERNAL",
    description:
      "One call. Its parent is the caller's tracing context or else the active span; a call that waited links to its flight.",
    attributes: [
      "entra.credential.name",
      "entra.credential.token.source",
      "entra.credential.token.resource",
      "entra.tenant.id",
      "entra.client.id",
      "entra.error.code",
      "azure.resource_provider.namespace",
      "error.type",
    ],
  },
  "entra.credential.refresh": {
    kind: "INTERNAL",
    description:
      "One flight with its retries: the root of a trace of its own that links to the calls waiting for it.",
    attributes: [
      "entra.credential.name",
      "entra.credential.token.resource",
      "entra.credential.refresh.trigger",
      "entra.credential.refresh.waiter_count",
      "entra.credential.refresh.attempt_count",
      "entra.tenant.id",
      "entra.client.id",
      "entra.error.code",
      "entra.correlation.id",
      "azure.resource_provider.namespace",
      "error.type",
    ],
  },
  "entra.credential.assertion": {
    kind: "INTERNAL",
    description: "One call for an assertion, within its flight.",
    attributes: [
      "entra.credential.name",
      "entra.credential.assertion.kind",
      "azure.resource_provider.namespace",
      "error.type",
    ],
  },
  POST: {
    kind: "CLIENT",
    description: "One token request, within its flight.",
    attributes: [
      "http.request.method",
      "http.request.resend_count",
      "http.response.status_code",
      "server.address",
      "server.port",
      "url.full",
      "entra.error.code",
      "entra.correlation.id",
      "azure.service.request.id",
      "azure.resource_provider.namespace",
      "error.type",
    ],
  },
} as const;

/** The metrics by name. */
export const METRICS = {
  "entra.credential.token.acquisitions": {
    instrument: "ObservableCounter",
    unit: "{acquisition}",
    description:
      "Calls of getToken, answered at once or not. A call its caller aborted has source none and no error.type.",
    attributes: ["entra.credential.name", "entra.credential.token.source", "error.type"],
  },
  "entra.credential.token.acquisition.duration": {
    instrument: "Histogram",
    unit: "s",
    description: "Time of the calls that waited for a flight, those included that gave up.",
    attributes: ["entra.credential.name", "entra.credential.token.source", "error.type"],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
  "entra.credential.token.refresh.duration": {
    instrument: "Histogram",
    unit: "s",
    description: "Time of whole flights with retries; those all callers left are not counted.",
    attributes: ["entra.credential.name", "entra.credential.refresh.trigger", "error.type"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60],
  },
  "entra.credential.authority.request.duration": {
    instrument: "Histogram",
    unit: "s",
    description:
      "Time of one token request; one cut off by its flight has neither status nor error.",
    attributes: [
      "http.request.method",
      "http.response.status_code",
      "server.address",
      "server.port",
      "error.type",
    ],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
} as const;

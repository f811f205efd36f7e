import type { ATTRIBUTES } from "../../../src/telemetry/attributes.ts";

type AttributeName = keyof typeof ATTRIBUTES;

/** How the golden pages call each attribute, in the order in which a line has them. */
export const SHORT_NAMES: { readonly [N in AttributeName]: string } = {
  "http.request.method": "method",
  "server.address": "server",
  "server.port": "port",
  "url.full": "url",
  "entra.credential.name": "name",
  "entra.client.id": "client",
  "entra.tenant.id": "tenant",
  "entra.credential.token.resource": "resource",
  "azure.resource_provider.namespace": "namespace",
  "entra.correlation.id": "correlation",
  "entra.credential.token.source": "source",
  "entra.credential.refresh.trigger": "trigger",
  "entra.credential.refresh.waiter_count": "waiters",
  "entra.credential.refresh.attempt_count": "attempts",
  "entra.credential.assertion.kind": "kind",
  "http.request.resend_count": "resend",
  "http.response.status_code": "status",
  "azure.service.request.id": "request",
  "error.type": "error",
  "entra.error.code": "aadsts",
  "entra.credential.retry.reason": "reason",
  "entra.credential.retry.delay": "delay",
  "entra.credential.throttle.delay": "throttle",
  "entra.credential.token.expires_in": "lasts",
  "entra.credential.assertion.expires_in": "certificate_lasts",
  "entra.credential.cache.eviction.reason": "eviction",
  "entra.credential.clock.skew": "skew",
  "entra.credential.token.request.state": "state",
  "entra.credential.circuit_breaker.state": "circuit",
  "entra.credential.resilience.name": "resilience",
};

/**
 * What the pages write instead of long texts that recur. `shop:vault` is a token's whole address: the
 * credential named shop, the client and tenant of the tests, and the resource.
 */
export const ABBREVIATIONS: readonly (readonly [long: string, short: string])[] = [
  ["11111111-2222-3333-4444-555555555555", "TENANT"],
  ["99999999-8888-7777-6666-555555555555", "OTHER_TENANT"],
  ["aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "CLIENT"],
  ["https://login.microsoftonline.com/TENANT/oauth2/v2.0/token", "TOKEN_URL"],
  ["server=login.microsoftonline.com port=443", "entra"],
  ["name=shop client=CLIENT tenant=TENANT resource=https://vault.azure.net", "shop:vault"],
  ["name=shop client=CLIENT tenant=TENANT resource=https://storage.azure.com", "shop:storage"],
  ["namespace=Microsoft.AAD", "aad"],
];

/** Names of metrics, spans and events begin so, and the pages have the second instead. */
export const PREFIX = ["entra.credential.", "e.c."] as const;

/** Every log event this package emits, by its `eventName`, with the severities it may have. */
export const EVENTS = {
  "entra.credential.token.refresh.completed": {
    severities: ["INFO"],
    description: "A flight brought a token.",
    attributes: [
      "entra.credential.name",
      "entra.client.id",
      "entra.tenant.id",
      "entra.credential.token.resource",
      "entra.correlation.id",
      "entra.credential.refresh.trigger",
      "entra.credential.refresh.attempt_count",
      "entra.credential.token.expires_in",
    ],
  },
  "entra.credential.token.refresh.retry_scheduled": {
    severities: ["DEBUG"],
    description: "An attempt failed and will be made again.",
    attributes: [
      "entra.credential.name",
      "entra.client.id",
      "entra.tenant.id",
      "entra.credential.token.resource",
      "entra.correlation.id",
      "entra.credential.retry.reason",
      "entra.credential.retry.delay",
    ],
  },
  "entra.credential.token.refresh.failed": {
    severities: ["WARN", "ERROR"],
    description:
      "A flight brought no token: WARN while one remains to be served, ERROR when none does. A failure that only repeats one remembered, and what an open circuit refuses, is not told again.",
    attributes: [
      "entra.credential.name",
      "entra.client.id",
      "entra.tenant.id",
      "entra.credential.token.resource",
      "entra.correlation.id",
      "entra.credential.refresh.trigger",
      "entra.credential.refresh.attempt_count",
      "entra.credential.token.expires_in",
      "entra.error.code",
      "azure.service.request.id",
      "error.type",
    ],
  },
  "entra.credential.token.stale_served": {
    severities: ["WARN"],
    description:
      "Callers get a token that was to be renewed, since that failed: told once for each time the key or tenant is left alone.",
    attributes: [
      "entra.credential.name",
      "entra.client.id",
      "entra.tenant.id",
      "entra.credential.token.resource",
      "entra.credential.token.expires_in",
      "error.type",
    ],
  },
  "entra.credential.throttled": {
    severities: ["WARN"],
    description: "The authority asked to be left alone (Retry-After).",
    attributes: [
      "entra.credential.name",
      "entra.client.id",
      "entra.tenant.id",
      "entra.credential.token.resource",
      "entra.correlation.id",
      "entra.credential.throttle.delay",
      "server.address",
    ],
  },
  "entra.credential.circuit_breaker.state_changed": {
    severities: ["WARN", "INFO"],
    description: "The circuit of an authority opened (WARN), may let one request try, or closed.",
    attributes: [
      "entra.credential.circuit_breaker.state",
      "entra.credential.resilience.name",
      "server.address",
      "server.port",
    ],
  },
  "entra.credential.assertion.expiring": {
    severities: ["WARN"],
    description:
      "The certificate that signs the assertions ends soon: told at 30, 7 and 1 days before.",
    attributes: [
      "entra.credential.name",
      "entra.client.id",
      "entra.credential.assertion.kind",
      "entra.credential.assertion.expires_in",
    ],
  },
  "entra.credential.clock_skew_detected": {
    severities: ["WARN"],
    description: "This machine's clock is more than a minute from the authority's.",
    attributes: [
      "entra.credential.name",
      "entra.client.id",
      "entra.credential.clock.skew",
      "server.address",
    ],
  },
  "entra.credential.cache.evicted": {
    severities: ["DEBUG"],
    description: "A token left the cache before it was replaced.",
    attributes: [
      "entra.credential.name",
      "entra.client.id",
      "entra.tenant.id",
      "entra.credential.token.resource",
      "entra.credential.cache.eviction.reason",
    ],
  },
  "entra.credential.duplicate_instances": {
    severities: ["WARN"],
    description:
      "The package is loaded more than once in this process: each copy has caches, flights and circuits of its own. Told once.",
    attributes: [],
  },
} as const;

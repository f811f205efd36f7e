/** Every span this package makes, by name. */
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

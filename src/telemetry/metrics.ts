/**
 * Every metric this package makes, by name. Those that are `identified` also carry the attributes
 * that an application opts in to (`METRIC_IDENTITY`). Buckets without a reason of their own are those
 * of the HTTP conventions, in seconds.
 */
export const METRICS = {
  "entra.credential.token.acquisitions": {
    instrument: "ObservableCounter",
    unit: "{acquisition}",
    description:
      "Calls of getToken, answered at once or not. A call its caller aborted has source none and no error.type.",
    attributes: ["entra.credential.name", "entra.credential.token.source", "error.type"],
    identified: true,
  },
  "entra.credential.token.acquisition.duration": {
    instrument: "Histogram",
    unit: "s",
    description: "Time of the calls that waited for a flight, those included that gave up.",
    attributes: ["entra.credential.name", "entra.credential.token.source", "error.type"],
    identified: true,
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
  "entra.credential.token.refresh.duration": {
    instrument: "Histogram",
    unit: "s",
    description: "Time of whole flights with retries; those all callers left are not counted.",
    attributes: ["entra.credential.name", "entra.credential.refresh.trigger", "error.type"],
    identified: true,
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
  "http.client.request.duration": {
    instrument: "Histogram",
    unit: "s",
    description: "The same under the standard name, when asked for by telemetry.httpClientMetric.",
    attributes: [
      "http.request.method",
      "http.response.status_code",
      "server.address",
      "server.port",
      "error.type",
    ],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
  "entra.credential.assertion.duration": {
    instrument: "Histogram",
    unit: "s",
    description: "Time of one call for an assertion; one that was given up is not counted.",
    attributes: ["entra.credential.name", "entra.credential.assertion.kind", "error.type"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
  "entra.credential.token.refresh.retries": {
    instrument: "Counter",
    unit: "{retry}",
    description: "Retries that flights decided on.",
    attributes: ["entra.credential.name", "entra.credential.retry.reason", "server.address"],
    identified: true,
  },
  "entra.credential.retry_budget.remaining": {
    instrument: "ObservableGauge",
    unit: "{retry}",
    description: "Retries that would be allowed now; absent when nothing limits them.",
    attributes: ["server.address", "server.port", "entra.credential.resilience.name"],
  },
  "entra.credential.authority.throttle.duration": {
    instrument: "Histogram",
    unit: "s",
    description: "How long the authority asked to be left alone, each time it did.",
    attributes: ["entra.credential.name", "server.address"],
    identified: true,
    buckets: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600],
  },
  "entra.credential.circuit_breaker.status": {
    instrument: "ObservableUpDownCounter",
    unit: "{circuit}",
    description:
      "Circuits in the state: for one circuit 1 for the state it is in and 0 for the others.",
    attributes: [
      "entra.credential.circuit_breaker.state",
      "server.address",
      "server.port",
      "entra.credential.resilience.name",
    ],
  },
  "entra.credential.circuit_breaker.transitions": {
    instrument: "Counter",
    unit: "{transition}",
    description: "Changes of circuits, by the state entered.",
    attributes: [
      "entra.credential.circuit_breaker.state",
      "server.address",
      "server.port",
      "entra.credential.resilience.name",
    ],
  },
  "entra.credential.token.expiry.timestamp": {
    instrument: "ObservableGauge",
    unit: "s",
    description:
      "When the first of the tokens in use expires, in seconds since 1970. In use is what a caller got within 15 minutes; how long calls would be served without the authority is this minus the time. 0 when none is in use any more.",
    attributes: ["entra.credential.name"],
    identified: true,
  },
  "entra.credential.token.lifetime": {
    instrument: "Histogram",
    unit: "s",
    description: "How long tokens last when they are issued.",
    attributes: ["entra.credential.name"],
    identified: true,
    buckets: [300, 900, 1800, 3600, 7200, 14400, 43200, 86400],
  },
  "entra.credential.assertion.expiry.timestamp": {
    instrument: "ObservableGauge",
    unit: "s",
    description:
      "When the certificate that signs the assertions expires, in seconds since 1970, when known. 0 when it is used no more.",
    attributes: ["entra.credential.name", "entra.credential.assertion.kind"],
  },
  "entra.credential.cache.usage": {
    instrument: "ObservableUpDownCounter",
    unit: "{entry}",
    description: "Tokens in the cache that have not expired.",
    attributes: ["entra.credential.name"],
  },
  "entra.credential.cache.limit": {
    instrument: "ObservableUpDownCounter",
    unit: "{entry}",
    description: "Tokens that the cache has room for.",
    attributes: ["entra.credential.name"],
  },
  "entra.credential.cache.evictions": {
    instrument: "Counter",
    unit: "{entry}",
    description: "Tokens that left the cache before they were replaced.",
    attributes: ["entra.credential.name", "entra.credential.cache.eviction.reason"],
  },
  "entra.credential.token.request.active": {
    instrument: "ObservableUpDownCounter",
    unit: "{request}",
    description: "Calls that wait for a token now, and flights that fetch one.",
    attributes: ["entra.credential.name", "entra.credential.token.request.state"],
  },
} as const;

import { expect, test } from "vitest";
import {
  AcquisitionTimeoutError,
  AssertionUnavailableError,
  CircuitOpenError,
  ConfigurationError,
  CredentialClosedError,
  type CredentialError,
  MalformedResponseError,
  StorageUnavailableError,
  TenantNotAllowedError,
  TokenEndpointError,
  TransportError,
} from "../../src/domain/errors.ts";
import { ERROR_TYPES } from "../../src/telemetry/attributes.ts";
import { errorType, httpErrorType } from "../../src/telemetry/error-type.ts";

function refusal(statusCode: number, error: string, entraCode?: number, claims?: string) {
  return new TokenEndpointError("refused", {
    statusCode,
    errorResponse: { error, errorDescription: "", ...(claims === undefined ? {} : { claims }) },
    ...(entraCode === undefined ? {} : { entraCode }),
  });
}

const CASES: readonly (readonly [string, CredentialError, string])[] = [
  ["a deadline", timeout("deadline"), "timeout"],
  ["a caller's own time limit", timeout("caller"), "timeout"],
  ["an answer of 408", refusal(408, "unknown_error"), "timeout"],
  ["a broken connection", new TransportError("", { systemCode: "ECONNRESET" }), "network_error"],
  ["an answer of 429", refusal(429, "invalid_request"), "throttled"],
  ["an answer of 503", refusal(503, "unknown_error"), "authority_unavailable"],
  ["an authority that says so", refusal(400, "temporarily_unavailable"), "authority_unavailable"],
  ["an open circuit", new CircuitOpenError(""), "circuit_open"],
  ["a client that is not known", refusal(401, "invalid_client", 700016), "invalid_client"],
  ["a client that may not", refusal(400, "unauthorized_client"), "unauthorized_client"],
  ["a wrong request", refusal(400, "invalid_request"), "invalid_request"],
  ["a wrong scope", refusal(400, "invalid_scope", 70011), "invalid_scope"],
  ["a resource that is not known", refusal(400, "invalid_resource", 500011), "invalid_scope"],
  ["a source that fails", new AssertionUnavailableError(""), "assertion_failed"],
  [
    "an assertion outside its validity",
    refusal(401, "invalid_client", 700024),
    "assertion_expired",
  ],
  ["a claims challenge", refusal(400, "interaction_required", 50076, "{}"), "claims_required"],
  ["an answer that is none", new MalformedResponseError(""), "invalid_response"],
  ["a wrong option", new ConfigurationError(""), "configuration"],
  ["a tenant not allowed", new TenantNotAllowedError(""), "tenant_not_allowed"],
  ["missing storage", new StorageUnavailableError(""), "storage"],
  ["a closed credential", new CredentialClosedError(""), "closed"],
  ["a refusal without a name of its own", refusal(400, "invalid_grant"), "_OTHER"],
];

function timeout(budget: "deadline" | "caller"): CredentialError {
  return new AcquisitionTimeoutError("", { budget, timeoutMs: 1 });
}

test.each(CASES)("%s has its error type", (_, error, expected) => {
  expect(errorType(error)).toBe(expected);
});

test.each(CASES)("%s keeps its error type when it is remembered", (_, error, expected) => {
  expect(errorType(error.reissue({ remembered: true, retryAfterMs: 1_000 }))).toBe(expected);
});

test("every error type of the registry is the type of some error", () => {
  expect(new Set(CASES.map(([, , expected]) => expected))).toEqual(new Set(ERROR_TYPES));
});

test("a POST is classed by its status when that refuses, whatever the body says", () => {
  expect(httpErrorType(refusal(401, "invalid_client"), 401)).toBe("401");
  expect(httpErrorType(refusal(429, "throttled"), 429)).toBe("429");
});

test("a POST that got a refusal dressed as a success is classed by the refusal", () => {
  expect(httpErrorType(refusal(200, "invalid_client"), 200)).toBe("invalid_client");
});

test.each([
  ["ETIMEDOUT", "ETIMEDOUT"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "ERR_TLS_CERT_ALTNAME_INVALID"],
  ["UNKNOWN", "_OTHER"],
  ["a sentence", "_OTHER"],
])("a POST the network failed with %s is classed %s", (systemCode, expected) => {
  expect(httpErrorType(new TransportError("", { systemCode }))).toBe(expected);
});

import {
  AcquisitionTimeoutError,
  AssertionUnavailableError,
  CircuitOpenError,
  ConfigurationError,
  CredentialClosedError,
  type CredentialError,
  type CredentialErrorCode,
  MalformedResponseError,
  StorageUnavailableError,
  TenantNotAllowedError,
  TokenEndpointError,
  TransportError,
} from "../../src/domain/errors.ts";
import { errorType } from "../../src/telemetry/error-type.ts";
import type { ErrorType } from "../../src/telemetry/registry-types.ts";
import { code, markdownTable } from "./markdown-table.ts";

/** One way in which an error of a code comes about, and what telemetry makes of it. */
export interface ErrorRow {
  readonly code: CredentialErrorCode;
  readonly when: string;
  readonly errorType: ErrorType;
}

type Sample = readonly [when: string, error: CredentialError];

// Errors to ask the function about, so that the table says what it does and not what was meant.
// The order within a code is that in which the function decides.
const SAMPLES: Readonly<Record<CredentialErrorCode, readonly Sample[]>> = {
  ERR_CONFIGURATION: [["a parameter or option is wrong", new ConfigurationError("")]],
  ERR_TENANT_NOT_ALLOWED: [["the tenant asked for is not allowed", new TenantNotAllowedError("")]],
  ERR_ASSERTION_UNAVAILABLE: [
    ["`getAssertion` failed, took too long or gave nothing", new AssertionUnavailableError("")],
  ],
  ERR_STORAGE_UNAVAILABLE: [["token persistence was asked for", new StorageUnavailableError("")]],
  ERR_CLOSED: [["the credential was closed", new CredentialClosedError("")]],
  ERR_TOKEN_ENDPOINT: [
    [
      "AADSTS700024: the assertion is outside its validity",
      refusal({ statusCode: 401, error: "invalid_client", entraCode: 700024 }),
    ],
    ["status 429", refusal({ statusCode: 429 })],
    ["status 408", refusal({ statusCode: 408 })],
    ["status 500 and above", refusal({ statusCode: 503 })],
    [
      "the answer holds claims to ask for",
      refusal({ error: "interaction_required", claims: "{}" }),
    ],
    ["`invalid_client`", refusal({ error: "invalid_client" })],
    ["`unauthorized_client`", refusal({ error: "unauthorized_client" })],
    ["`invalid_request`", refusal({ error: "invalid_request" })],
    ["`invalid_scope`", refusal({ error: "invalid_scope" })],
    ["`invalid_resource`", refusal({ error: "invalid_resource" })],
    ["`server_error` with a lower status", refusal({ error: "server_error" })],
    [
      "`temporarily_unavailable` with a lower status",
      refusal({ error: "temporarily_unavailable" }),
    ],
    ["any other refusal", refusal({ error: "invalid_grant" })],
  ],
  ERR_MALFORMED_RESPONSE: [["the answer is no token response", new MalformedResponseError("")]],
  ERR_TRANSPORT: [
    ["the network failed, or the queue is full", new TransportError("", { systemCode: "X" })],
  ],
  ERR_TIMEOUT: [
    [
      "a time limit ran out: the deadline, that of an attempt, or the caller's own",
      new AcquisitionTimeoutError("", { budget: "deadline", timeoutMs: 1 }),
    ],
  ],
  ERR_CIRCUIT_OPEN: [["the circuit is open: nothing was sent", new CircuitOpenError("")]],
};

/** What `error.type` each error gets, as the function that decides it answers. */
export function errorRows(): readonly ErrorRow[] {
  return Object.entries(SAMPLES).flatMap(([expected, samples]) =>
    samples.map(([when, error]) => {
      if (error.code !== expected) throw new Error(`${error.code} stands under ${expected}`);
      return { code: error.code, when, errorType: errorType(error) };
    }),
  );
}

/** The same as a table. */
export function errorTable(): string {
  const rows = errorRows().map((row) => [code(row.code), row.when, code(row.errorType)]);
  return markdownTable(["`code`", "when", "`error.type`"], rows);
}

function refusal(answer: {
  readonly statusCode?: number;
  readonly error?: string;
  readonly entraCode?: number;
  readonly claims?: string;
}): TokenEndpointError {
  const { statusCode = 400, error = "unknown_error", entraCode, claims } = answer;
  return new TokenEndpointError("", {
    statusCode,
    errorResponse: { error, errorDescription: "", ...(claims === undefined ? {} : { claims }) },
    ...(entraCode === undefined ? {} : { entraCode }),
  });
}

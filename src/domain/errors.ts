/**
 * The two families of errors a credential throws, in the words of the Azure SDKs:
 * `CredentialUnavailableError`, when authentication could not be attempted, and
 * `ClientAuthenticationError`, when it was attempted and failed.
 *
 * Every class is built from a message and one details object, so that an error
 * remembered for a key can be issued anew to each caller.
 */

import { clearedCopy } from "./cleared-copy.ts";

/** One stable code per class. A `switch` over it can be checked for completeness; to narrow the class use `instanceof`. */
export type CredentialErrorCode =
  | "ERR_CONFIGURATION"
  | "ERR_TENANT_NOT_ALLOWED"
  | "ERR_ASSERTION_UNAVAILABLE"
  | "ERR_STORAGE_UNAVAILABLE"
  | "ERR_CLOSED"
  | "ERR_TOKEN_ENDPOINT"
  | "ERR_MALFORMED_RESPONSE"
  | "ERR_TRANSPORT"
  | "ERR_TIMEOUT"
  | "ERR_CIRCUIT_OPEN";

/** What became of one attempt of an acquisition; holds no secret. */
export interface AttemptSummary {
  /** 1 for the first attempt of a flight. */
  readonly attempt: number;
  readonly code: CredentialErrorCode;
  /** HTTP status, when the authority answered. */
  readonly statusCode?: number;
  /** The operating system's or TLS's code, when the network failed. */
  readonly systemCode?: string;
  /** The AADSTS number, when Entra gave one. */
  readonly entraCode?: number;
  readonly durationMs: number;
}

/** What every error can carry. */
export interface ErrorDetails {
  /** What led to the error. Of a foreign error a copy is kept, cleared of what may be a secret. */
  readonly cause?: Error;
  /** The `client-request-id` sent to the authority, to quote in a support request. */
  readonly correlationId?: string;
  /** How long to wait before asking again, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly transient?: boolean;
  /** Whether this repeats an earlier failure without having asked again. */
  readonly remembered?: boolean;
  readonly attempts?: readonly AttemptSummary[];
}

/** The root of both families: `instanceof CredentialError` recognizes whatever a credential throws, save an `AbortError`. */
export abstract class CredentialError extends Error {
  abstract readonly code: CredentialErrorCode;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly transient: boolean;
  /** Whether this repeats an earlier failure without having asked again. */
  readonly remembered: boolean;
  /** The `client-request-id` sent to the authority, to quote in a support request. */
  declare readonly correlationId?: string;
  /** How long to wait before asking again, in milliseconds. */
  declare readonly retryAfterMs?: number;
  /** What became of each failed attempt, in order. */
  readonly attempts: readonly AttemptSummary[];
  readonly #details: ErrorDetails;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: ownCause(details.cause) });
    this.transient = details.transient ?? false;
    this.remembered = details.remembered ?? false;
    this.attempts = Object.freeze([...(details.attempts ?? [])]);
    if (details.correlationId !== undefined) this.correlationId = details.correlationId;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
    this.#details = details;
  }

  /** A new error of the same class with the same facts and those given: no two callers share one object. */
  reissue(changes: ErrorDetails = {}, message: string = this.message): this {
    const Class = this.constructor as new (message: string, details: ErrorDetails) => this;
    const error = new Class(message, { ...this.#details, ...changes });
    Error.captureStackTrace(error, this.reissue);
    return error;
  }
}

// Each error has a cause of its own, and a foreign one leaves all but its words behind.
function ownCause(cause: Error): Error {
  return cause instanceof CredentialError ? cause.reissue() : clearedCopy(cause);
}

/** Authentication could not be attempted: data, state or platform support is missing. A `ChainedTokenCredential` moves on. */
export abstract class CredentialUnavailableError extends CredentialError {
  // ChainedTokenCredential of @azure/identity recognizes the family by this very name.
  override readonly name = "CredentialUnavailableError";
}

/** Authentication was attempted and failed; the message gives the reason. A `ChainedTokenCredential` stops. */
export abstract class ClientAuthenticationError extends CredentialError {}

/** A parameter or option is missing or wrong; nothing was sent. */
export class ConfigurationError extends CredentialUnavailableError {
  readonly code = "ERR_CONFIGURATION";
}

/** The tenant asked for is neither the configured one nor in `additionallyAllowedTenants`; nothing was sent. */
export class TenantNotAllowedError extends CredentialUnavailableError {
  readonly code = "ERR_TENANT_NOT_ALLOWED";
}

/** The assertion callback threw, ran out of its time or gave nothing usable; `cause` is a cleared copy of its error. */
export class AssertionUnavailableError extends CredentialUnavailableError {
  readonly code = "ERR_ASSERTION_UNAVAILABLE";
}

/** Token persistence was asked for; this version keeps no token beyond the process. */
export class StorageUnavailableError extends CredentialUnavailableError {
  readonly code = "ERR_STORAGE_UNAVAILABLE";
}

/** The credential was closed before or during the call. */
export class CredentialClosedError extends CredentialUnavailableError {
  readonly code = "ERR_CLOSED";
}

/** The body of an OAuth error, named as in `@azure/identity`. RFC 6749 section 5.2 and Entra's additions. */
export interface ErrorResponse {
  readonly error: string;
  readonly errorDescription: string;
  readonly errorCodes?: readonly number[];
  readonly suberror?: string;
  /** The claims to ask for, when Entra wants more than was sent. */
  readonly claims?: string;
  readonly timestamp?: string;
  readonly traceId?: string;
  readonly correlationId?: string;
}

export interface TokenEndpointErrorDetails extends ErrorDetails {
  readonly statusCode: number;
  readonly errorResponse: ErrorResponse;
  /** The AADSTS number, when there is one. */
  readonly entraCode?: number;
}

/** The authority refused the request, or could not serve it, and said so. */
export class TokenEndpointError extends ClientAuthenticationError {
  override readonly name = "TokenEndpointError";
  readonly code = "ERR_TOKEN_ENDPOINT";
  readonly statusCode: number;
  readonly errorResponse: ErrorResponse;
  declare readonly entraCode?: number;

  constructor(message: string, details: TokenEndpointErrorDetails) {
    super(message, details);
    this.statusCode = details.statusCode;
    this.errorResponse = Object.freeze({ ...details.errorResponse });
    if (details.entraCode !== undefined) this.entraCode = details.entraCode;
  }
}

export interface MalformedResponseErrorDetails extends ErrorDetails {
  readonly statusCode?: number;
}

/** The authority, or something between us and it, answered with what is no token response. */
export class MalformedResponseError extends ClientAuthenticationError {
  override readonly name = "MalformedResponseError";
  readonly code = "ERR_MALFORMED_RESPONSE";
  declare readonly statusCode?: number;

  constructor(message: string, details: MalformedResponseErrorDetails = {}) {
    super(message, { transient: true, ...details });
    if (details.statusCode !== undefined) this.statusCode = details.statusCode;
  }
}

export interface TransportErrorDetails extends ErrorDetails {
  /** The code of the operating system, of TLS or of Node, such as `ECONNRESET`. */
  readonly systemCode: string;
  /**
   * A connection that was kept open turned out to be closed, before any answer: the other side had
   * closed it while it was idle. Worth another try at once, and no sign of trouble.
   */
  readonly staleConnection?: boolean;
}

/** The network failed before a whole answer had arrived, or the request was not sent (`QUEUE_FULL`); `systemCode` says how. */
export class TransportError extends ClientAuthenticationError {
  override readonly name = "TransportError";
  readonly code = "ERR_TRANSPORT";
  readonly systemCode: string;
  /** Whether a connection kept open had been closed by the other side while it was idle. */
  readonly staleConnection: boolean;

  constructor(message: string, details: TransportErrorDetails) {
    super(message, { transient: true, ...details });
    this.systemCode = details.systemCode;
    this.staleConnection = details.staleConnection ?? false;
  }
}

/** Which time limit ran out: of the whole acquisition, of one POST, or of the caller's own `requestOptions.timeout`. */
export type TimeBudget = "deadline" | "attempt" | "caller";

export interface AcquisitionTimeoutErrorDetails extends ErrorDetails {
  readonly budget: TimeBudget;
  /** The limit that ran out, in milliseconds. */
  readonly timeoutMs: number;
}

/** A time limit ran out; `budget` says which. */
export class AcquisitionTimeoutError extends ClientAuthenticationError {
  override readonly name = "AcquisitionTimeoutError";
  readonly code = "ERR_TIMEOUT";
  readonly budget: TimeBudget;
  readonly timeoutMs: number;

  constructor(message: string, details: AcquisitionTimeoutErrorDetails) {
    super(message, { transient: true, ...details });
    this.budget = details.budget;
    this.timeoutMs = details.timeoutMs;
  }
}

/** The authority failed too often, so no request was sent. Wait `retryAfterMs`; `cause` is its last failure. */
export class CircuitOpenError extends ClientAuthenticationError {
  override readonly name = "CircuitOpenError";
  readonly code = "ERR_CIRCUIT_OPEN";

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { transient: true, ...details });
  }
}

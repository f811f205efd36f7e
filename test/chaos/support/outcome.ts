import { CredentialError, TokenEndpointError, TransportError } from "../../../src/index.ts";

/** What became of one call: a token, or a typed error. */
export interface Outcome {
  /** `"served"`, or the code of the error; its name when it has none. */
  readonly code: string;
  /** What the error says. */
  readonly message?: string;
  /** Which token it was, counted from 1 in the order in which this service met them. */
  readonly token?: number;
  readonly systemCode?: string;
  readonly statusCode?: number;
  readonly retryAfterMs?: number;
  readonly transient?: boolean;
  /** From the call to its end, in milliseconds. */
  readonly afterMs: number;
}

/** What is known of an error, safe to send to another process. */
export function failure(error: unknown, afterMs: number): Outcome {
  if (!(error instanceof Error)) return { code: typeof error, afterMs };
  const { name, message } = error;
  if (!(error instanceof CredentialError)) return { code: name, message, afterMs };
  const { code, transient, retryAfterMs } = error;
  return {
    code,
    message,
    transient,
    afterMs,
    ...(error instanceof TransportError ? { systemCode: error.systemCode } : {}),
    ...(error instanceof TokenEndpointError ? { statusCode: error.statusCode } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** How long the slowest of several calls took, in milliseconds. */
export function slowest(outcomes: readonly Outcome[]): number {
  return Math.max(...outcomes.map(({ afterMs }) => afterMs));
}

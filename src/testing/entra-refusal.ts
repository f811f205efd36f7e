import type { AuthorityResponse } from "./authority-response.ts";
import type { RequestTrace } from "./request-trace.ts";

/** Why Entra refuses a request: what its error response is made of. */
export interface EntraRefusal {
  /** HTTP status. */
  readonly status: number;
  /** The OAuth error, such as `invalid_client`. */
  readonly error: string;
  /** The AADSTS number. */
  readonly code: number;
  /** What follows `AADSTS<code>: ` in the description. */
  readonly message: string;
  readonly suberror?: string;
  /** The claims to ask for, as a JSON text, when more is wanted than was sent. */
  readonly claims?: string;
}

/** Stops the treatment of a request at the first fault. */
export class RefusedRequest extends Error {
  override readonly name = "RefusedRequest";
  readonly refusal: EntraRefusal;

  constructor(refusal: EntraRefusal) {
    super(`AADSTS${refusal.code}: ${refusal.message}`);
    this.refusal = refusal;
  }
}

/** Words a refusal as Entra does, with the ids and the time of this request. */
export function refusalResponse(refusal: EntraRefusal, trace: RequestTrace): AuthorityResponse {
  const { status, error, code, message, suberror, claims } = refusal;
  const timestamp = new Date()
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, "Z");
  const body = {
    error,
    error_description:
      `AADSTS${code}: ${message} Trace ID: ${trace.traceId} ` +
      `Correlation ID: ${trace.correlationId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: trace.traceId,
    correlation_id: trace.correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    ...(suberror === undefined ? {} : { suberror }),
    ...(claims === undefined ? {} : { claims }),
  };
  return { status, body };
}

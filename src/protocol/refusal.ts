import { type ErrorResponse, TokenEndpointError } from "../domain/errors.ts";
import { cleanText } from "./clean-text.ts";
import type { EndpointResponse } from "./endpoint.ts";
import { cureFor, documentationOf } from "./entra-cures.ts";
import { readErrorResponse } from "./error-response.ts";
import { parseJsonObject, whyNoJsonObject } from "./json-object.ts";
import { retryAfterMs } from "./retry-after.ts";

/** The `errorResponse.error` of a refusal whose body is no OAuth error, such as a gateway's HTML page. */
const UNKNOWN_ERROR = "unknown_error";

// What may pass by itself (RFC 9110 section 15): a time-out, a limit, a failure behind the authority.
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * The error for a response that refuses. RFC 6749 section 5.2.
 *
 * `now` is the wall clock in milliseconds. `transient` follows the status alone: an assertion
 * outside its validity (AADSTS700024) needs a new assertion, not another try.
 */
export function refusalOf(
  { status, headers, body }: EndpointResponse,
  { correlationId, now }: { readonly correlationId: string; readonly now: number },
): TokenEndpointError {
  const errorResponse = readErrorResponse(body) ?? unreadable(body);
  const entraCode = entraCodeOf(errorResponse);
  const wait = retryAfterMs(headers, now);
  return new TokenEndpointError(messageOf(errorResponse, status, entraCode), {
    correlationId,
    statusCode: status,
    errorResponse,
    transient: TRANSIENT_STATUSES.has(status),
    ...(entraCode === undefined ? {} : { entraCode }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function unreadable(body: string): ErrorResponse {
  const isJson = parseJsonObject(body) !== undefined;
  return {
    error: UNKNOWN_ERROR,
    errorDescription: isJson ? "the body is no OAuth error" : whyNoJsonObject(body),
  };
}

function entraCodeOf({ errorCodes, errorDescription }: ErrorResponse): number | undefined {
  if (errorCodes?.[0] !== undefined) return errorCodes[0];
  const digits = /\bAADSTS(\d{1,9})\b/.exec(errorDescription)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function messageOf(
  { error, errorDescription }: ErrorResponse,
  status: number,
  entraCode: number | undefined,
): string {
  const reason = reasonIn(errorDescription);
  const refusal = `${error}${reason && `: ${reason}`} (HTTP ${status})`;
  if (entraCode === undefined) return `${refusal}.`;
  const cure = cureFor(entraCode);
  return `${refusal}.${cure === undefined ? "" : ` ${cure}`} See ${documentationOf(entraCode)}`;
}

// Entra ends each description with ids and a time, which errorResponse has in fields of their own.
function reasonIn(description: string): string {
  const text = description.replace(/\s*\b(?:Trace ID|Correlation ID|Timestamp):.*$/s, "");
  const sentence = /^.*?[.!?](?=\s+[\p{Lu}"'([])/su.exec(text)?.[0] ?? text;
  return cleanText(sentence, 300).replace(/[.\s]+$/, "");
}

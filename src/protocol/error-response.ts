import type { ErrorResponse } from "../domain/errors.ts";
import { redactSecrets } from "../domain/redact.ts";
import { cleanText } from "./clean-text.ts";
import { type JsonObject, parseJsonObject } from "./json-object.ts";

const LONGEST_DESCRIPTION = 2_000;
const LONGEST_NAME = 100;
const LONGEST_CLAIMS = 4_000;
const MOST_CODES = 10;

/**
 * Reads the body of an OAuth error; undefined when it is none. RFC 6749 section 5.2 and the
 * additions of Entra (https://learn.microsoft.com/entra/identity-platform/reference-error-codes).
 *
 * Every text is cleared of what looks like a token and cut: a description may echo the assertion.
 * Members of a foreign type are left out, save numbers written as strings.
 */
export function readErrorResponse(body: string): ErrorResponse | undefined {
  const json = parseJsonObject(body);
  const error = json && text(json, "error", LONGEST_NAME);
  if (json === undefined || error === undefined) return undefined;
  const errorCodes = codes(json["error_codes"]);
  const optional = {
    suberror: text(json, "suberror", LONGEST_NAME),
    claims: claimsOf(json["claims"]),
    timestamp: text(json, "timestamp", LONGEST_NAME),
    traceId: text(json, "trace_id", LONGEST_NAME),
    correlationId: text(json, "correlation_id", LONGEST_NAME),
  };
  return {
    error,
    errorDescription: text(json, "error_description", LONGEST_DESCRIPTION) ?? "",
    ...(errorCodes.length === 0 ? {} : { errorCodes }),
    ...present(optional),
  };
}

function text(json: JsonObject, name: string, maxLength: number): string | undefined {
  const value = json[name];
  if (typeof value !== "string") return undefined;
  return cleanText(value, maxLength) || undefined;
}

function codes(value: unknown): readonly number[] {
  if (!Array.isArray(value)) return [];
  return Object.freeze(value.slice(0, MOST_CODES).flatMap(code));
}

function code(value: unknown): number[] {
  const digits = typeof value === "number" || typeof value === "string" ? String(value) : "";
  return /^[1-9]\d{0,8}$/.test(digits) ? [Number(digits)] : [];
}

// Claims are to be sent back as they are: cut or redacted ones would be worse than none.
function claimsOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > LONGEST_CLAIMS) return undefined;
  if (parseJsonObject(value) === undefined || redactSecrets(value) !== value) return undefined;
  return value;
}

function present<T extends Record<string, string | undefined>>(
  fields: T,
): { readonly [K in keyof T]?: string } {
  const result: { [K in keyof T]?: string } = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) result[name] = value;
  }
  return result;
}

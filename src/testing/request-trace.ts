import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** The ids under which a request can be found again. */
export interface RequestTrace {
  /** The authority's own, also sent as `x-ms-request-id`. */
  readonly traceId: string;
  /** The client's `client-request-id` if it is a UUID, else a new one. */
  readonly correlationId: string;
}

/** Reads the correlation id from the header, or from the form, where MSAL puts it. */
export function traceOf(headers: IncomingHttpHeaders, form?: URLSearchParams): RequestTrace {
  const given = headers["client-request-id"] ?? form?.get("client-request-id");
  const correlationId = typeof given === "string" && UUID.test(given) ? given : randomUUID();
  return { traceId: randomUUID(), correlationId };
}

/** The headers that carry the ids back; the correlation id only when the client asks for it. */
export function traceHeaders(
  headers: IncomingHttpHeaders,
  trace: RequestTrace,
): Record<string, string> {
  const echo = headers["return-client-request-id"] === "true";
  return {
    "x-ms-request-id": trace.traceId,
    ...(echo ? { "client-request-id": trace.correlationId } : {}),
  };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

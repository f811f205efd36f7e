import { clearedCopy } from "../domain/cleared-copy.ts";
import { CredentialError, TransportError } from "../domain/errors.ts";
import { redactSecrets } from "../domain/redact.ts";
import { systemCodeOf } from "../domain/system-code.ts";
import { withoutEcho } from "../protocol/echo.ts";
import type { EndpointRequest, EndpointResponse } from "../protocol/endpoint.ts";
import type { TokenEndpoint } from "./ports.ts";

/**
 * Sends a request through the transport and holds it to its contract. A transport of the caller's
 * own may throw or give anything, and what it throws may hold the form it was given.
 *
 * @throws TransportError when no answer came, and other errors of ours as the transport threw them,
 *   none of them quoting the assertion.
 */
export async function callTransport(
  endpoint: TokenEndpoint,
  request: EndpointRequest,
  assertion: string,
): Promise<EndpointResponse> {
  let response: EndpointResponse;
  try {
    response = await endpoint.post(request);
  } catch (error) {
    request.signal.throwIfAborted();
    throw withoutSecrets(error, assertion);
  }
  const fault = faultOf(response);
  if (fault === undefined) return response;
  throw new TransportError(`The transport broke its contract: ${fault}.`, {
    systemCode: "INVALID_TRANSPORT",
    transient: false,
  });
}

/** Lets the transport prepare itself. What fails here fails again with the request, and is told there. */
export async function prepareTransport(endpoint: TokenEndpoint): Promise<void> {
  try {
    await endpoint.prepare?.();
  } catch {
    return;
  }
}

function withoutSecrets(error: unknown, assertion: string): CredentialError {
  const erase = (text: string) => redactSecrets(withoutEcho(text, assertion));
  if (error instanceof CredentialError) {
    const { cause } = error;
    const changes = cause instanceof Error ? { cause: clearedCopy(cause, erase) } : {};
    return error.reissue(changes, erase(error.message));
  }
  const cause = clearedCopy(error, erase);
  return new TransportError(`The transport failed: ${cause.message}`, {
    systemCode: systemCodeOf(cause) ?? "UNKNOWN",
    cause,
  });
}

function faultOf(response: unknown): string | undefined {
  if (typeof response !== "object" || response === null) return "it gave no response";
  if (!("status" in response && Number.isInteger(response.status)))
    return "status is no whole number";
  if (!("body" in response && typeof response.body === "string")) return "body is no string";
  const headers = "headers" in response ? response.headers : undefined;
  if (typeof headers !== "object" || headers === null) return "headers is no object";
  const odd = Object.entries(headers).find(([, value]) => !isHeaderValue(value));
  return odd === undefined ? undefined : `the header ${odd[0]} is no string`;
}

function isHeaderValue(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

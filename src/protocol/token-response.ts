import { MalformedResponseError } from "../domain/errors.ts";
import type { EndpointResponse } from "./endpoint.ts";
import { parseHttpDate } from "./http-date.ts";
import { IssuedToken } from "./issued-token.ts";
import { type JsonObject, parseJsonObject, whyNoJsonObject } from "./json-object.ts";
import { type Fault, readLifetime } from "./lifetime.ts";
import { refusalOf } from "./refusal.ts";
import { retryAfterMs } from "./retry-after.ts";

/** What reading a response needs to know besides the response. */
export interface ResponseContext {
  /** The `client-request-id` of the request, kept on errors. */
  readonly correlationId: string;
  /** The wall clock when the response arrived, in milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Reads the answer of a token endpoint. RFC 6749 sections 5.1 and 5.2.
 *
 * A status of 400 and above throws `TokenEndpointError`, whatever the body: it is the authority,
 * or what stands for it, that refuses. So does an OAuth error that comes as a success. A success
 * without a usable token, a redirect or any other status throws `MalformedResponseError`.
 * No error holds the body, nor anything in it that looks like a token.
 */
export function readTokenResponse(
  response: EndpointResponse,
  context: ResponseContext,
): IssuedToken {
  const { status } = response;
  if (status >= 400 && status < 600) throw refusalOf(response, context);
  if (status >= 300 && status < 400) {
    // An assertion must not travel to where a response says (RFC 9110 section 15.4).
    throw malformed("it redirects, and redirects are not followed", response, context);
  }
  if (status < 200 || status >= 600) throw malformed("the status is unknown", response, context);

  const body = parseJsonObject(response.body);
  if (body === undefined) throw malformed(whyNoJsonObject(response.body), response, context);
  if (isDisguisedRefusal(body)) throw refusalOf(response, context);

  const issued = readGrant(body, parseHttpDate(response.headers["date"]) ?? context.now);
  if ("fault" in issued) throw malformed(issued.fault, response, context);
  return issued;
}

function malformed(
  fault: string,
  { status, headers }: EndpointResponse,
  { correlationId, now }: ResponseContext,
): MalformedResponseError {
  const wait = retryAfterMs(headers, now);
  return new MalformedResponseError(`The answer is no token response (HTTP ${status}): ${fault}.`, {
    correlationId,
    statusCode: status,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function isDisguisedRefusal(body: JsonObject): boolean {
  return typeof body["access_token"] !== "string" && typeof body["error"] === "string";
}

function readGrant(body: JsonObject, serverTime: number): IssuedToken | Fault {
  const token = body["access_token"];
  if (token === undefined) return { fault: "access_token is missing" };
  if (typeof token !== "string") return { fault: "access_token is not a string" };
  if (token === "") return { fault: "access_token is empty" };
  // What else it held could not be sent in an Authorization header (RFC 6749 appendix A.12).
  if (!/^[\x21-\x7e]+$/.test(token)) return { fault: "access_token holds forbidden characters" };

  const tokenType = body["token_type"];
  if (tokenType === undefined) return { fault: "token_type is missing" };
  if (typeof tokenType !== "string" || tokenType.toLowerCase() !== "bearer") {
    return { fault: "token_type is not Bearer" };
  }

  const lifetime = readLifetime(body, serverTime);
  return "fault" in lifetime ? lifetime : new IssuedToken({ token, ...lifetime });
}

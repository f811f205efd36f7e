import type { ServerResponse } from "node:http";
import { checkInteger, checkMembers, checkObject, checkText } from "./input-checks.ts";

/** A response of the authority, genuine or scripted. */
export interface AuthorityResponse {
  /** HTTP status, 200 to 599. */
  readonly status: number;
  /** They add to or replace the authority's own, in any case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a string as it is (`text/plain` unless a header says otherwise). */
  readonly body?: string | Readonly<Record<string, unknown>>;
  /** Waits before it answers, on top of the authority's latency. */
  readonly delayMs?: number;
  /** Cuts the connection instead of answering, or halfway through the body. */
  readonly destroy?: "before-headers" | "in-body";
}

/** Returns `response`, or throws a `TypeError` or `RangeError` when it cannot be sent. */
export function checkResponse(response: AuthorityResponse): AuthorityResponse {
  checkMembers("response", response, ["status", "headers", "body", "delayMs", "destroy"]);
  checkInteger("response.status", response.status, { min: 200, max: 599 });
  checkInteger("response.delayMs", response.delayMs ?? 0, { min: 0, max: MAX_DELAY_MS });

  const { body = "", destroy } = response;
  if (typeof body !== "string") checkObject("response.body", body);
  if (destroy !== undefined && destroy !== "before-headers" && destroy !== "in-body") {
    throw new RangeError(
      `response.destroy must be "before-headers" or "in-body", not ${JSON.stringify(destroy)}`,
    );
  }
  for (const [name, value] of Object.entries(response.headers ?? {})) {
    checkText(`response.headers['${name}']`, value);
  }
  return response;
}

/** Sends a response and resolves when nothing is left to do; a client that leaves ends the wait. */
export async function sendResponse(
  outgoing: ServerResponse,
  response: AuthorityResponse,
): Promise<void> {
  await pause(outgoing, response.delayMs ?? 0);
  if (outgoing.destroyed) return;
  if (response.destroy === "before-headers") {
    outgoing.destroy();
    return;
  }

  const body = writeHead(outgoing, response);
  if (response.destroy === "in-body") {
    outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.destroy());
    return;
  }
  outgoing.end(body);
}

/** What `setTimeout` can count. */
export const MAX_DELAY_MS = 2_147_483_647;

function pause(outgoing: ServerResponse, delayMs: number): Promise<void> {
  if (delayMs === 0 || outgoing.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const proceed = () => {
      clearTimeout(timer);
      outgoing.off("close", proceed);
      resolve();
    };
    const timer = setTimeout(proceed, delayMs);
    outgoing.once("close", proceed);
  });
}

function writeHead(
  outgoing: ServerResponse,
  { status, headers = {}, body = "" }: AuthorityResponse,
): Buffer {
  const isText = typeof body === "string";
  const bytes = Buffer.from(isText ? body : JSON.stringify(body));

  outgoing.statusCode = status;
  outgoing.setHeader(
    "content-type",
    `${isText ? "text/plain" : "application/json"}; charset=utf-8`,
  );
  outgoing.setHeader("content-length", bytes.length);
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
  outgoing.flushHeaders();
  return bytes;
}

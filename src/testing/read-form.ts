import type { IncomingMessage } from "node:http";
import { RefusedRequest } from "./entra-refusal.ts";
import { bodyTooLarge } from "./refusals.ts";

/**
 * Reads a form of at most 1 MiB. Another content type than a form's leaves it empty, so
 * that the first parameter is reported missing: this is how Entra answers JSON.
 *
 * A larger body is a refusal, once it has been read to its end and dropped: a client that is
 * still writing would not see the answer.
 */
export async function readForm(
  incoming: IncomingMessage,
): Promise<URLSearchParams | RefusedRequest> {
  const body = await readBody(incoming);
  if (body === undefined) return new RefusedRequest(bodyTooLarge(MAX_BODY_BYTES));
  return new URLSearchParams(isForm(incoming.headers["content-type"]) ? body.toString("utf8") : "");
}

const MAX_BODY_BYTES = 1_048_576;

async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return length > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

function isForm(contentType = ""): boolean {
  return /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType);
}

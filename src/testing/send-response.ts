import type { ServerResponse } from "node:http";
import type { AuthorityResponse, InterruptedAt, Interruption } from "./authority-response.ts";
import { pause, untilClosed, write } from "./connection-waits.ts";

/** Where a response goes out. */
export interface Outlet {
  readonly outgoing: ServerResponse;
  /** Resets the connection. */
  readonly reset: () => void;
}

/** Sends a response and resolves when nothing is left to do; a client that leaves ends every wait. */
export async function sendResponse(outlet: Outlet, response: AuthorityResponse): Promise<void> {
  const { outgoing } = outlet;
  const { delayMs = 0, bytesPerS } = response;
  const end = endOf(response);
  if (delayMs > 0) await pause(outgoing, delayMs);
  if (outgoing.destroyed) return;
  if (end?.where === "before-headers") return interrupt(outlet, end.by);

  const body = writeHead(outgoing, response);
  if (end === undefined && bytesPerS === undefined) {
    outgoing.end(body);
    return;
  }
  const bytes = end === undefined ? body : body.subarray(0, Math.floor(body.length / 2));
  for (const { piece, afterMs } of piecesOf(bytes, bytesPerS)) {
    if (afterMs > 0) await pause(outgoing, afterMs);
    await write(outgoing, piece);
    if (outgoing.destroyed) return;
  }
  if (end !== undefined) return interrupt(outlet, end.by);
  outgoing.end();
}

interface End {
  readonly by: Interruption["by"] | "destroy";
  readonly where: InterruptedAt;
}

function endOf({ destroy, interrupt }: AuthorityResponse): End | undefined {
  if (interrupt !== undefined) return interrupt;
  return destroy === undefined ? undefined : { by: "destroy", where: destroy };
}

async function interrupt({ outgoing, reset }: Outlet, by: End["by"]): Promise<void> {
  switch (by) {
    case "destroy":
      outgoing.destroy();
      return;
    case "reset":
      reset();
      return;
    case "hang":
      return untilClosed(outgoing);
    default:
      return by satisfies never;
  }
}

function writeHead(
  outgoing: ServerResponse,
  { status, headers = {}, body = "", dateSkewS }: AuthorityResponse,
): Buffer {
  const isText = typeof body === "string";
  const bytes = Buffer.from(isText ? body : JSON.stringify(body));

  outgoing.statusCode = status;
  const type = isText ? "text/plain" : "application/json";
  if (bytes.length > 0) outgoing.setHeader("content-type", `${type}; charset=utf-8`);
  outgoing.setHeader("content-length", bytes.length);
  if (dateSkewS !== undefined) outgoing.setHeader("date", dateIn(dateSkewS));
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
  outgoing.flushHeaders();
  return bytes;
}

function dateIn(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toUTCString();
}

// Often enough to look like a slow line, not so often that a fast one costs much.
const STEP_MS = 50;

/** The pieces in which a body is sent, each after the time that it takes at this pace. */
function* piecesOf(
  body: Buffer,
  bytesPerS = Number.POSITIVE_INFINITY,
): Iterable<{ readonly piece: Buffer; readonly afterMs: number }> {
  const size = Math.max(1, Math.floor((bytesPerS * STEP_MS) / 1000));
  for (let start = 0; start < body.length; start += size) {
    const piece = body.subarray(start, start + size);
    yield { piece, afterMs: (piece.length * 1000) / bytesPerS };
  }
}

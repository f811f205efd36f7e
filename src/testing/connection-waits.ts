import type { ServerResponse } from "node:http";
import { MAX_DELAY_MS } from "./authority-response.ts";

/** Resolves after `ms`, or as soon as the connection closes. */
export function pause(outgoing: ServerResponse, ms: number): Promise<void> {
  return orClosed(outgoing, (proceed) => {
    // Delays add up, and a timer that is given too much goes off at once.
    const timer = setTimeout(proceed, Math.min(ms, MAX_DELAY_MS));
    return () => clearTimeout(timer);
  });
}

/** Resolves when the connection closes. */
export function untilClosed(outgoing: ServerResponse): Promise<void> {
  return orClosed(outgoing, () => () => {});
}

/** Writes a piece of the body and resolves when the system has taken it, or the connection closes. */
export function write(outgoing: ServerResponse, bytes: Buffer): Promise<void> {
  return orClosed(outgoing, (proceed) => {
    outgoing.write(bytes, () => proceed());
    return () => {};
  });
}

/** Resolves when `begin` calls back or the connection closes, then calls what `begin` returned. */
function orClosed(
  outgoing: ServerResponse,
  begin: (proceed: () => void) => () => void,
): Promise<void> {
  if (outgoing.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const proceed = () => {
      outgoing.off("close", proceed);
      stop();
      resolve();
    };
    outgoing.once("close", proceed);
    const stop = begin(proceed);
  });
}

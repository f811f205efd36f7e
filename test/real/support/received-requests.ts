import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** A request as a server got it. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** The requests that servers of this process get, oldest first, until it is disposed of. */
export interface ReceivedRequests extends Disposable {
  readonly requests: readonly ReceivedRequest[];
}

const CHANNEL = "http.server.request.start";

/** Begins to listen, to all servers whoever wrote them. */
export function receiveRequests(): ReceivedRequests {
  const requests: ReceivedRequest[] = [];
  const listen = (message: unknown) => {
    if (!isRequestStart(message)) throw new Error(`${CHANNEL} has another form than was known`);
    const { url: path = "", headers } = message.request;
    requests.push({ path, headers });
  };
  subscribe(CHANNEL, listen);
  return { requests, [Symbol.dispose]: () => unsubscribe(CHANNEL, listen) };
}

function isRequestStart(message: unknown): message is { readonly request: IncomingMessage } {
  return typeof message === "object" && message !== null && "request" in message;
}

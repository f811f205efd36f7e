import { STATUS_CODES } from "node:http";
import type { AuthorityResponse } from "./authority-response.ts";
import { refusalResponse } from "./entra-refusal.ts";
import type { OutageFault, RedirectFault, RefusalFault, ThrottleFault } from "./fault.ts";
import { refusalOf } from "./fault-refusals.ts";
import type { RequestTrace } from "./request-trace.ts";
import type { ReceivedTokenRequest } from "./scripted-responses.ts";

/** Refuses the request in Entra's words. */
export function refusal(fault: RefusalFault, request: ReceivedTokenRequest): AuthorityResponse {
  return refusalResponse(refusalOf(fault, request), request);
}

/** Tells the client to ask less often. */
export function throttle(fault: ThrottleFault, trace: RequestTrace): AuthorityResponse {
  const { status = 429 } = fault;
  const message = "There are too many incoming requests. Please try again later.";
  const refusal = { status, error: "temporarily_unavailable", code: 90055, message };
  return { ...refusalResponse(refusal, trace), headers: waitHeaders(fault) };
}

/** Fails as a server does, or a proxy before it. */
export function outage(fault: OutageFault, trace: RequestTrace): AuthorityResponse {
  const { status = 503, body = "json" } = fault;
  switch (body) {
    case "json": {
      const error = status === 503 ? "temporarily_unavailable" : "server_error";
      const message = "A transient error has occurred. Please try again.";
      return refusalResponse({ status, error, code: 90033, message }, trace);
    }
    case "html":
      return htmlPage(status, `${status} ${STATUS_CODES[status] ?? "Server Error"}`);
    case "none":
      return { status };
    default:
      return body satisfies never;
  }
}

/** Sends the client elsewhere. */
export function redirect({ status = 307, location = NOWHERE }: RedirectFault): AuthorityResponse {
  return { status, headers: { location } };
}

/** A page as proxies and portals answer with. */
export function htmlPage(status: number, title: string): AuthorityResponse {
  const body =
    `<html>\r\n<head><title>${title}</title></head>\r\n` +
    `<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return { status, headers: { "content-type": "text/html" }, body };
}

// Nothing is found there: a client that follows gets status 404.
const NOWHERE = "/redirected";

function waitHeaders({ retryAfterS, form = "seconds" }: ThrottleFault): Record<string, string> {
  if (retryAfterS === undefined) return {};
  switch (form) {
    case "seconds":
      return { "retry-after": String(retryAfterS) };
    case "date":
      return { "retry-after": dateAfter(retryAfterS) };
    case "retry-after-ms":
    case "x-ms-retry-after-ms":
      return { [form]: String(Math.round(retryAfterS * 1000)) };
    default:
      return form satisfies never;
  }
}

// A date has whole seconds: rounded up, so that nobody is told less than was asked for.
function dateAfter(seconds: number): string {
  return new Date(Math.ceil(Date.now() / 1000 + seconds) * 1000).toUTCString();
}

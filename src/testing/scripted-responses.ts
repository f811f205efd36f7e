import { type AuthorityResponse, checkResponse } from "./authority-response.ts";
import { type EntraRefusal, refusalResponse } from "./entra-refusal.ts";
import type { RequestTrace } from "./request-trace.ts";

/** What a token request asked, as far as it could be read; holds no assertion. */
export interface ReceivedTokenRequest extends RequestTrace {
  readonly tenantId: string;
  readonly clientId?: string;
  readonly scopes: readonly string[];
  /** The JSON text, when the request had one. */
  readonly claims?: string;
}

/** Answers the request as the authority would have; called at most once, and only when wanted. */
export type GenuineAnswer = () => Promise<AuthorityResponse>;

/** Makes a response for a request. To change a genuine one, ask for it: `{ ...(await genuine()), delayMs: 500 }`. */
export type Responder = (
  request: ReceivedTokenRequest,
  genuine: GenuineAnswer,
) => AuthorityResponse | Promise<AuthorityResponse>;

/** A responder that refuses each request in Entra's words, with that request's own ids. */
export function refuseWith(refusal: EntraRefusal): Responder {
  return (request) => refusalResponse(refusal, request);
}

/** The responses that take the place of genuine ones. */
export class ScriptedResponses {
  readonly #once: Responder[] = [];
  #standing: Responder | undefined;

  /** For one request, after those already waiting. */
  addOnce(response: AuthorityResponse | Responder): void {
    this.#once.push(toResponder(response));
  }

  /** For every request, once those for one are used up. */
  setStanding(response: AuthorityResponse | Responder): void {
    this.#standing = toResponder(response);
  }

  /** Drops them all. */
  clear(): void {
    this.#once.length = 0;
    this.#standing = undefined;
  }

  /** The response to send: the next scripted one, else the genuine one. */
  async respond(request: ReceivedTokenRequest, genuine: GenuineAnswer): Promise<AuthorityResponse> {
    const responder = this.#once.shift() ?? this.#standing;
    return responder === undefined ? genuine() : checkResponse(await responder(request, genuine));
  }
}

function toResponder(response: AuthorityResponse | Responder): Responder {
  if (typeof response === "function") return response;
  const fixed = checkResponse(response);
  return () => fixed;
}

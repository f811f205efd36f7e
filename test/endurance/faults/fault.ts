import type { EndpointResponse } from "../../../src/index.ts";

/** Gives an answer to a token request, late or never; throws as a network does. */
export type Answer = (request: {
  readonly signal: AbortSignal;
}) => EndpointResponse | Promise<EndpointResponse>;

/** One way in which tokens stop coming: by the authority, or what lies before it, or by the caller's own source. */
export type Fault = {
  readonly name: string;
  /** How long after the fault the next request is due at the latest, where that is not the longest cool-down. */
  readonly restMs?: number;
} & ({ readonly answer: Answer } | { readonly getAssertion: () => Promise<string> });

/** A JSON answer. */
export function json(
  status: number,
  body: object,
  headers: EndpointResponse["headers"] = {},
): EndpointResponse {
  return { status, headers, body: JSON.stringify(body) };
}

/** A token of an hour, unless told otherwise. */
export function grant(token: string, members: object = {}): EndpointResponse {
  return json(200, {
    token_type: "Bearer",
    expires_in: 3_600,
    access_token: token,
    ...members,
  });
}

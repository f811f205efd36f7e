import type { EndpointRequest, EndpointResponse, TokenEndpoint } from "../../src/index.ts";
import { type Canary, TOKEN } from "./canaries.ts";

/** Claims that a caller brings, and that an authority asks for. */
export const CLAIMS: Canary = { what: "claims", secret: "purple-finch-claims" };

/** What the authority says of an error. */
export const DESCRIPTION: Canary = { what: "a description", secret: "scarlet-ibis-description" };

/** The claims as a caller gives them, and as an authority asks for them. */
export const CHALLENGE: string = JSON.stringify({
  access_token: { nbf: { value: CLAIMS.secret } },
});

/** Answers a request, given what was sent; may throw. */
export type Answer = (sent: Sent) => EndpointResponse | Promise<EndpointResponse>;

/** What a request held. */
export interface Sent {
  readonly assertion: string;
  readonly form: string;
  readonly signal: AbortSignal;
}

/** An authority that knows what it was sent, and its answers. */
export class KnowingAuthority implements TokenEndpoint {
  readonly #answers: Answer[];

  constructor(answers: readonly Answer[] = [granted]) {
    this.#answers = [...answers];
  }

  async post({ form: sent, signal }: EndpointRequest): Promise<EndpointResponse> {
    const form = sent.encode();
    const assertion = new URLSearchParams(form).get("client_assertion") ?? "";
    const [answer = granted] = this.#answers;
    if (this.#answers.length > 1) this.#answers.shift();
    return answer({ assertion, form, signal });
  }
}

/** A token. */
export const granted: Answer = () => response(200, grant());

/** The members of an answer with a token. */
export function grant(): object {
  return { token_type: "Bearer", expires_in: 3600, access_token: TOKEN.secret };
}

/** An answer; a body that is no text is sent as JSON. */
export function response(status: number, body: unknown, headers = {}): EndpointResponse {
  return { status, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
}

/** A refusal in which everything is a secret. */
export function echo(
  status: number,
  error = "invalid_client",
  headers: (secret: string) => object = () => ({}),
): Answer {
  return ({ assertion, form }) =>
    response(
      status,
      {
        error,
        error_description: `AADSTS700027: ${DESCRIPTION.secret} ${assertion} ${TOKEN.secret} ${form}`,
        error_codes: [700027, assertion],
        suberror: assertion,
        claims: CHALLENGE,
        trace_id: assertion,
        correlation_id: TOKEN.secret,
        error_uri: `https://errors.test/?${form}`,
        access_token: TOKEN.secret,
        [assertion]: form,
      },
      headers(assertion),
    );
}

/** No answer: the transport throws. */
export function thrown(make: (sent: Sent) => unknown): Answer {
  return (sent) => {
    throw make(sent);
  };
}

/** No answer, until nobody waits for one. */
export const hanging: Answer = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

/** What a token request asks for, and the assertion that proves who asks. */
export interface TokenFormFields {
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** A signed JWT: a secret. */
  readonly assertion: string;
  /** The JSON text of a claims request; none when it is absent or empty. */
  readonly claims?: string | undefined;
}

/**
 * The body of a client credentials request that is authenticated by an assertion.
 * RFC 6749 section 4.4.2, RFC 7521 section 4.2, RFC 7523 section 2.2.
 *
 * It holds the assertion in private: the form leaves through `encode` only.
 */
export class TokenForm {
  readonly #fields: TokenFormFields;

  constructor({ clientId, scopes, assertion, claims }: TokenFormFields) {
    this.#fields = { clientId, scopes, assertion, claims };
  }

  /** The body as `application/x-www-form-urlencoded`, with the assertion in it: a secret. */
  encode(): string {
    const { clientId, scopes, assertion, claims } = this.#fields;
    const form = new URLSearchParams({
      client_id: clientId,
      scope: scopes.join(" "),
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
    });
    if (claims) form.set("claims", claims);
    return form.toString();
  }
}

import { createPrivateKey, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { ClientKeys } from "./client-keys.ts";
import { checkText } from "./input-checks.ts";

/** What an assertion says, and how it is signed. */
export interface SignAssertionOptions {
  /** The `iss` and `sub` of the assertion. */
  readonly clientId: string;
  /** The `aud`: the token endpoint, or `api://AzureADTokenExchange` for a federated token. */
  readonly audience: string;
  /**
   * From now to `exp`, in seconds; a negative number signs an assertion that has expired.
   *
   * @defaultValue 300
   */
  readonly lifetimeS?: number;
  /** @defaultValue "PS256" for RSA keys, "ES256" for EC keys */
  readonly algorithm?: "RS256" | "PS256" | "ES256";
  /** Header parameters to add or replace; `undefined` removes one. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** Claims to add or replace; `undefined` removes one. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/**
 * Signs a client assertion as Entra wants it, or a wrong one, by way of `header` and `claims`.
 * With `claims: { iss, sub }` it stands for the token of a federated issuer.
 */
export async function signAssertion(
  keys: Pick<ClientKeys, "privateKey" | "x5tS256">,
  options: SignAssertionOptions,
): Promise<string> {
  const key = createPrivateKey(keys.privateKey);
  const alg = options.algorithm ?? (key.asymmetricKeyType === "ec" ? "ES256" : "PS256");
  const header = { alg, typ: "JWT", "x5t#S256": keys.x5tS256, ...options.header };
  return new SignJWT(claimsOf(options)).setProtectedHeader(header).sign(key);
}

function claimsOf(options: SignAssertionOptions): Record<string, unknown> {
  const nowS = Math.floor(Date.now() / 1000);
  const clientId = checkText("clientId", options.clientId);
  return {
    iss: clientId,
    sub: clientId,
    aud: checkText("audience", options.audience),
    iat: nowS,
    nbf: nowS,
    exp: nowS + (options.lifetimeS ?? 300),
    jti: randomUUID(),
    ...options.claims,
  };
}

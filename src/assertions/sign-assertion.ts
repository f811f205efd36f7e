import { randomUUID } from "node:crypto";
import type { AssertionRequest } from "../domain/assertion.ts";
import { AssertionUnavailableError } from "../domain/errors.ts";
import type { CertificateAlgorithm } from "./certificate-options.ts";
import type { SigningPair } from "./signing-pair.ts";

/** What goes into one assertion. */
export interface AssertionFacts {
  readonly pair: SigningPair;
  readonly request: AssertionRequest;
  readonly algorithm: CertificateAlgorithm;
  readonly sendCertificateChain: boolean;
  readonly lifetimeMs: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Signs one assertion: a JWT as in RFC 7523 section 3 with the header and claims of
 * https://learn.microsoft.com/entra/identity-platform/certificate-credentials.
 *
 * The signature is computed off the main thread (WebCrypto). Loads `jose` on first use.
 *
 * @throws AssertionUnavailableError when `jose` is not installed.
 * @throws the reason of the request's signal when that fires before the signature begins.
 */
export async function signAssertion(facts: AssertionFacts): Promise<string> {
  const { pair, request, algorithm, sendCertificateChain, lifetimeMs } = facts;
  const { SignJWT } = await loadJose();
  request.abortSignal.throwIfAborted();
  const issuedAt = Math.floor(facts.now / 1000);
  return new SignJWT({
    aud: request.tokenEndpoint,
    iss: request.clientId,
    sub: request.clientId,
    jti: randomUUID(),
    nbf: issuedAt,
    iat: issuedAt,
    exp: issuedAt + Math.floor(lifetimeMs / 1000),
  })
    .setProtectedHeader({
      alg: algorithm,
      typ: "JWT",
      "x5t#S256": pair.thumbprint,
      ...(sendCertificateChain ? { x5c: [...pair.chain] } : {}),
    })
    .sign(pair.key);
}

async function loadJose(): Promise<typeof import("jose")> {
  try {
    return await import("jose");
  } catch {
    throw new AssertionUnavailableError(
      "The package jose, which signs with the certificate, cannot be loaded: npm install jose.",
    );
  }
}

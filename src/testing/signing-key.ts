import type { webcrypto } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";

/** The key that access tokens are signed with. */
export interface SigningKey {
  readonly privateKey: webcrypto.CryptoKey;
  readonly kid: string;
  /** What the keys document publishes. */
  readonly publicJwk: Readonly<JWK>;
}

let shared: Promise<SigningKey> | undefined;

/** The one key of all authorities in this process: an RSA key takes a few hundred milliseconds to make. */
export function sharedSigningKey(): Promise<SigningKey> {
  shared ??= createSigningKey();
  return shared;
}

async function createSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { modulusLength: 2048 });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { privateKey, kid, publicJwk: Object.freeze({ ...jwk, kid, use: "sig", alg: "RS256" }) };
}

import { compactVerify, decodeJwt, decodeProtectedHeader, type JWTPayload } from "jose";
import {
  badSignature,
  malformedAssertion,
  noFederatedCredential,
  noFederatedMatch,
  outsideValidity,
  wrongAudience,
  wrongIssuerOrSubject,
} from "./assertion-refusals.ts";
import type { KnownClient } from "./client-registry.ts";
import { RefusedRequest } from "./entra-refusal.ts";
import { candidateKeys, type RegisteredKey } from "./registered-key.ts";

/** An assertion and what it is checked against. */
export interface AssertionCheck {
  readonly assertion: string;
  readonly clientId: string;
  readonly client: KnownClient;
  /** The `aud` that the client's own assertion may have. */
  readonly audiences: readonly string[];
}

/** What a valid assertion says of itself. */
export interface VerifiedAssertion {
  readonly issuer: string;
  /** The `jti`, if there is one. */
  readonly id: string | undefined;
  /** When it can no longer be used, in seconds since the epoch. */
  readonly unusableFromS: number;
}

/**
 * Checks an assertion: whose it is, for whom, by whose key, and when. One whose issuer is a
 * URL is a federated token, any other is the client's own.
 *
 * @throws RefusedRequest at the first fault.
 */
export async function verifyAssertion(check: AssertionCheck): Promise<VerifiedAssertion> {
  const { header, claims } = decode(check.assertion);
  const keys = claims.iss.includes("://") ? federatedKeys(check, claims) : ownKeys(check, claims);

  await verifySignature(check, candidateKeys(keys, header));
  checkTimes(claims);
  return { issuer: claims.iss, id: claims.jti, unusableFromS: claims.exp + SKEW_S };
}

/** The clock skew that Entra tolerates. */
const SKEW_S = 300;

const ALGORITHMS = ["RS256", "PS256", "ES256"];

interface RequiredClaims extends JWTPayload {
  readonly iss: string;
  readonly sub: string;
  readonly exp: number;
}

function decode(assertion: string): { header: Record<string, unknown>; claims: RequiredClaims } {
  let header: Record<string, unknown>;
  let claims: JWTPayload;
  try {
    header = decodeProtectedHeader(assertion);
    claims = decodeJwt(assertion);
  } catch {
    throw new RefusedRequest(
      malformedAssertion("It is not three dot-separated parts of base64url, two of them JSON."),
    );
  }
  const { alg } = header;
  if (!ALGORITHMS.includes(String(alg))) {
    throw new RefusedRequest(malformedAssertion(`The algorithm '${alg}' is not accepted.`));
  }
  return { header, claims: requireClaims(claims) };
}

function requireClaims(claims: JWTPayload): RequiredClaims {
  const { iss, sub, aud, exp, nbf } = claims;
  if (typeof iss !== "string" || typeof sub !== "string" || aud === undefined) {
    throw new RefusedRequest(
      malformedAssertion("It lacks one of the claims 'iss', 'sub' and 'aud'."),
    );
  }
  if (typeof exp !== "number" || (nbf !== undefined && typeof nbf !== "number")) {
    throw new RefusedRequest(
      malformedAssertion("The claim 'exp' is required, and a number, as is 'nbf' if present."),
    );
  }
  return { ...claims, iss, sub, exp };
}

function ownKeys(
  { clientId, client, audiences }: AssertionCheck,
  claims: RequiredClaims,
): readonly RegisteredKey[] {
  if (claims.iss !== clientId || claims.sub !== clientId) {
    throw new RefusedRequest(wrongIssuerOrSubject());
  }
  if (!audiencesOf(claims).some((audience) => audiences.includes(audience))) {
    throw new RefusedRequest(wrongAudience());
  }
  return client.keys;
}

function federatedKeys(
  { client }: AssertionCheck,
  claims: RequiredClaims,
): readonly RegisteredKey[] {
  const audiences = audiencesOf(claims);
  const presented = { issuer: claims.iss, subject: claims.sub, audience: audiences.join(" ") };
  if (client.trusts.length === 0) throw new RefusedRequest(noFederatedCredential(presented));

  let trusts = client.trusts.filter((trust) => trust.issuer === presented.issuer);
  if (trusts.length === 0) throw new RefusedRequest(noFederatedMatch("issuer", presented.issuer));

  trusts = trusts.filter((trust) => trust.subject === presented.subject);
  if (trusts.length === 0) throw new RefusedRequest(noFederatedMatch("subject", presented.subject));

  trusts = trusts.filter((trust) => audiences.includes(trust.audience));
  if (trusts.length > 0) return trusts.flatMap((trust) => trust.keys);
  throw new RefusedRequest(noFederatedMatch("audience", presented.audience));
}

function audiencesOf({ aud = [] }: JWTPayload): readonly string[] {
  return typeof aud === "string" ? [aud] : aud;
}

async function verifySignature(
  { assertion, clientId }: AssertionCheck,
  keys: readonly RegisteredKey[],
): Promise<void> {
  if (keys.length === 0) throw new RefusedRequest(badSignature(clientId, "The key was not found."));

  for (const { key, endsAt } of keys) {
    if (!(await isSignedBy(assertion, key))) continue;
    if (endsAt > Date.now()) return;
    throw new RefusedRequest(badSignature(clientId, "The key used is expired."));
  }
  throw new RefusedRequest(
    badSignature(clientId, "Key was found, but use of the key to verify the signature failed."),
  );
}

async function isSignedBy(assertion: string, key: RegisteredKey["key"]): Promise<boolean> {
  try {
    await compactVerify(assertion, key, { algorithms: ALGORITHMS });
    return true;
  } catch {
    // Whatever jose dislikes, a key of another type included, this key did not sign it.
    return false;
  }
}

function checkTimes({ exp, nbf = 0 }: RequiredClaims): void {
  const nowS = Date.now() / 1000;
  if (nowS < exp + SKEW_S && nowS > nbf - SKEW_S) return;
  throw new RefusedRequest(outsideValidity(nowS, { exp, nbf }));
}

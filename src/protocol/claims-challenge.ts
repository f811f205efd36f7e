import { type AuthChallenge, parseAuthChallenges } from "./auth-challenges.ts";
import { decodeBase64Text } from "./base64-text.ts";
import { parseJsonObject } from "./json-object.ts";

/**
 * What a `WWW-Authenticate` header asks of the client.
 *
 * `unreadable` is a claims challenge too: the resource wants other claims and will not take the
 * token again, but which it wants cannot be told. `reason` quotes nothing of the header.
 */
export type ClaimsChallenge =
  | { readonly kind: "none" }
  | {
      readonly kind: "claims";
      /** JSON text for the `claims` option of `getToken`, as the resource wrote it. */
      readonly claims: string;
    }
  | { readonly kind: "unreadable"; readonly reason: string };

/**
 * Finds the claims challenge in the `WWW-Authenticate` header of a 401 response. Never throws.
 *
 * A claims challenge is of scheme Bearer and says `error="insufficient_claims"`, or carries
 * `claims` under another error, as Azure Resource Manager does with `invalid_token`. Its claims
 * are base64 of a JSON object, or the bare JSON. Several headers may be joined by commas.
 * https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function parseClaimsChallenge(wwwAuthenticate: string | null | undefined): ClaimsChallenge {
  const bearer = parseAuthChallenges(wwwAuthenticate ?? "").filter(
    ({ scheme }) => scheme === "bearer",
  );
  const insufficient = bearer.filter(isInsufficientClaims);
  const other = bearer.filter((c) => !isInsufficientClaims(c) && c.parameters.has("claims"));
  const readings = [...insufficient, ...other].map(readClaims);
  return readings.find(({ kind }) => kind === "claims") ?? readings[0] ?? { kind: "none" };
}

function isInsufficientClaims({ parameters }: AuthChallenge): boolean {
  return parameters.get("error")?.trim().toLowerCase() === "insufficient_claims";
}

function readClaims({ parameters }: AuthChallenge): ClaimsChallenge {
  const value = parameters.get("claims")?.trim();
  if (!value) return { kind: "unreadable", reason: "the challenge names no claims" };
  const claims = value.startsWith("{") ? value : decodeBase64Text(value.replace(/\s/g, ""));
  if (claims === undefined) return { kind: "unreadable", reason: "its claims are not base64" };
  if (parseJsonObject(claims) === undefined) {
    return { kind: "unreadable", reason: "its claims are not a JSON object" };
  }
  return { kind: "claims", claims };
}

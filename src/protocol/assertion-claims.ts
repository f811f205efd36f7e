import { CLOCK_TOLERANCE_MS } from "../domain/assertion.ts";
import { decodeBase64Text } from "./base64-text.ts";
import { cleanText } from "./clean-text.ts";
import { type JsonObject, parseJsonObject } from "./json-object.ts";

/** What an assertion says of itself; nothing of it is verified. RFC 7519 section 4.1. */
export interface AssertionClaims {
  readonly issuer?: string;
  readonly subject?: string;
  readonly audience: readonly string[];
  /** In milliseconds since the epoch. */
  readonly expiresAtMs?: number;
  /** In milliseconds since the epoch. */
  readonly notBeforeMs?: number;
}

/** Reads the claims of a signed JWT without verifying it; undefined when it does not decode as one. */
export function decodeAssertion(jwt: string): AssertionClaims | undefined {
  const parts = jwt.split(".");
  const payload = parts.length === 3 ? decodeBase64Text(parts[1] ?? "") : undefined;
  const claims = payload === undefined ? undefined : parseJsonObject(payload);
  if (claims === undefined) return undefined;
  const issuer = text(claims, "iss");
  const subject = text(claims, "sub");
  const expiresAtMs = time(claims, "exp");
  const notBeforeMs = time(claims, "nbf");
  return {
    audience: [claims["aud"]].flat().filter((value) => typeof value === "string"),
    ...(issuer === undefined ? {} : { issuer }),
    ...(subject === undefined ? {} : { subject }),
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    ...(notBeforeMs === undefined ? {} : { notBeforeMs }),
  };
}

/**
 * Why an assertion is not worth sending at `now` (wall clock, milliseconds); undefined when it is.
 * Five minutes either way are granted to clocks that differ.
 */
export function assertionOutsideValidity(
  { expiresAtMs, notBeforeMs }: AssertionClaims,
  now: number,
): string | undefined {
  if (expiresAtMs !== undefined && now - expiresAtMs > CLOCK_TOLERANCE_MS) {
    return `the assertion expired ${minutes(now - expiresAtMs)} min ago by this machine's clock`;
  }
  if (notBeforeMs !== undefined && notBeforeMs - now > CLOCK_TOLERANCE_MS) {
    return `the assertion becomes valid in ${minutes(notBeforeMs - now)} min by this machine's clock`;
  }
  return undefined;
}

/**
 * A sentence on what looks wrong with a refused assertion; undefined when nothing does.
 *
 * For use after the authority refused: these are guesses, and a federated credential may be set up
 * for any audience. A client signs for itself when it is `iss` or `sub`, or when the token endpoint
 * is the audience: then both must be the client (RFC 7523 section 3). Otherwise another issuer
 * vouches for it, and neither need be.
 */
export function explainRefusal(
  claims: AssertionClaims,
  { clientId, tokenEndpoint }: { readonly clientId: string; readonly tokenEndpoint: string },
): string | undefined {
  const forEndpoint = claims.audience.some((value) => isAuthority(value, tokenEndpoint));
  const forExchange = claims.audience.some(isTokenExchange);
  const namesClient = same(claims.issuer, clientId) || same(claims.subject, clientId);
  const selfSigned = forEndpoint || (namesClient && !forExchange);
  const faults = selfSigned
    ? selfSignedFaults(claims, { clientId, forEndpoint })
    : federatedFaults(claims, { forExchange });
  return faults.length === 0 ? undefined : `The assertion looks wrong: ${faults.join("; ")}.`;
}

function selfSignedFaults(
  { issuer, subject, audience }: AssertionClaims,
  { clientId, forEndpoint }: { readonly clientId: string; readonly forEndpoint: boolean },
): readonly string[] {
  const faults: string[] = [];
  if (!forEndpoint)
    faults.push(`aud is ${quote(audience.join(" "))} instead of the token endpoint`);
  if (!same(issuer, clientId)) faults.push(`iss is ${quote(issuer)} instead of the client id`);
  if (!same(subject, clientId)) faults.push(`sub is ${quote(subject)} instead of the client id`);
  return faults;
}

function federatedFaults(
  { issuer, subject, audience }: AssertionClaims,
  { forExchange }: { readonly forExchange: boolean },
): readonly string[] {
  const faults: string[] = [];
  if (!forExchange) {
    faults.push(`aud is ${quote(audience.join(" "))} instead of api://AzureADTokenExchange`);
  }
  if (!/^https:\/\//i.test(issuer ?? "")) {
    faults.push(`iss is ${quote(issuer)} instead of an issuer's URL`);
  }
  if (!subject) faults.push("sub is missing");
  return faults;
}

function text(claims: JsonObject, name: string): string | undefined {
  const value = claims[name];
  return typeof value === "string" ? value : undefined;
}

function time(claims: JsonObject, name: string): number | undefined {
  const value = claims[name];
  return typeof value === "number" ? value * 1000 : undefined;
}

function minutes(ms: number): number {
  return Math.floor(ms / 60_000);
}

// Entra takes the token endpoint and any other URL of the same tenant for an audience.
function isAuthority(audience: string, tokenEndpoint: string): boolean {
  const tenantUrl = tokenEndpoint.toLowerCase().replace(/\/oauth2\/.*$/, "");
  const value = audience.toLowerCase();
  return value === tenantUrl || value.startsWith(`${tenantUrl}/`);
}

// The clouds of governments and of China append their names.
function isTokenExchange(audience: string): boolean {
  return audience.toLowerCase().startsWith("api://azureadtokenexchange");
}

function same(value: string | undefined, clientId: string): boolean {
  return value?.toLowerCase() === clientId.toLowerCase();
}

function quote(value: string | undefined): string {
  return value ? `"${cleanText(value, 100)}"` : "missing";
}

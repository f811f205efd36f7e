import { createHash, randomBytes } from "node:crypto";
import { decodeJwt, type JWTPayload, SignJWT } from "jose";
import type { AuthorityResponse } from "./authority-response.ts";
import { sharedSigningKey } from "./signing-key.ts";

/** What a token is issued for. */
export interface TokenGrant {
  readonly issuer: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly resource: string;
  /** Become the `xms_cc` claim. */
  readonly capabilities?: readonly string[];
}

/** The lifetimes of a token response, in seconds. */
export interface TokenTimes {
  readonly lifetimeS: number;
  readonly extExpiresInS: number;
  /** Undefined leaves the hint out. */
  readonly refreshInS: number | undefined;
}

/** Issues a token and words the success response. */
export async function issueToken(grant: TokenGrant, times: TokenTimes): Promise<AuthorityResponse> {
  const body = {
    token_type: "Bearer",
    expires_in: times.lifetimeS,
    ext_expires_in: times.extExpiresInS,
    ...(times.refreshInS === undefined ? {} : { refresh_in: times.refreshInS }),
    access_token: await signClaims(claimsOf(grant, times.lifetimeS)),
  };
  return { status: 200, body };
}

/** The same token with another lifetime from now, in seconds; a text that is none of ours stays as it is. */
export async function withLifetime(token: unknown, lifetimeS: number): Promise<unknown> {
  const claims = readClaims(token);
  if (claims === undefined) return token;
  return signClaims({ ...claims, exp: Math.floor(Date.now() / 1000) + lifetimeS });
}

async function signClaims(claims: JWTPayload): Promise<string> {
  const { privateKey, kid } = await sharedSigningKey();
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", typ: "JWT", kid }).sign(privateKey);
}

function readClaims(token: unknown): JWTPayload | undefined {
  try {
    return decodeJwt(String(token));
  } catch {
    return undefined;
  }
}

function claimsOf(
  { issuer, tenantId, clientId, resource, capabilities }: TokenGrant,
  lifetimeS: number,
) {
  const nowS = Math.floor(Date.now() / 1000);
  const oid = principalId(tenantId, clientId);
  return {
    aud: resource,
    iss: issuer,
    iat: nowS,
    nbf: nowS,
    exp: nowS + lifetimeS,
    idtyp: "app",
    oid,
    sub: oid,
    tid: tenantId,
    uti: randomBytes(16).toString("base64url"),
    ...clientClaims(issuer, clientId),
    ...(capabilities === undefined ? {} : { xms_cc: capabilities }),
  };
}

/** The two versions of access tokens name the client and its proof, a certificate, differently. */
function clientClaims(issuer: string, clientId: string): Record<string, string> {
  if (!issuer.startsWith("https://sts.windows.net/"))
    return { azp: clientId, azpacr: "2", ver: "2.0" };
  return { appid: clientId, appidacr: "2", ver: "1.0" };
}

/** The object id of the client in a tenant: the same each time. */
function principalId(tenantId: string, clientId: string): string {
  const hex = createHash("sha256").update(`${tenantId.toLowerCase()}\n${clientId}`).digest("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

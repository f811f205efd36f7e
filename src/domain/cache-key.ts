import type { TokenRequest } from "./token-request.ts";

declare const brand: unique symbol;

/** Names a slot of one credential's cache. */
export type CacheKey = string & { readonly [brand]: "CacheKey" };

/**
 * Names the cache slot of a request. Two requests share a slot only if Entra would issue
 * them interchangeable tokens.
 *
 * What is the credential's own default is left out, so that a plain call is keyed by its
 * scopes alone and the hot path can look up the caller's string as it stands
 * (docs/adr/0001). Injective: neither scope, tenant nor the sorted claims' JSON can hold a
 * line feed, so a key without one is plain and a key with some splits one way only.
 */
export function cacheKey(request: TokenRequest): CacheKey {
  const scopes = request.scopes.join(" ");
  if (isPlain(request)) return plainKey(scopes);

  const { authority, clientId, tenantId, cae } = request;
  const { canonical } = request.claims;
  return [authority, clientId, tenantId, scopes, cae ? "cae" : "", canonical ?? ""].join(
    "\n",
  ) as CacheKey;
}

/**
 * The key of a plain request whose scopes are this very text. A caller's text can be anything, even
 * a copy of another key, so a look-up by it accepts only what a plain request won.
 */
export function plainKey(scopes: string): CacheKey {
  return scopes as CacheKey;
}

/** Whether scopes alone describe the request: the credential's own tenant, no claims, no CAE. */
export function isPlain(request: TokenRequest): boolean {
  return isKeptPlain(request) && request.claims.canonical === undefined;
}

/** Whether scopes alone name the slot where the request's token is kept: what answers a challenge is kept without it. */
export function isKeptPlain({ ownTenant, cae }: TokenRequest): boolean {
  return ownTenant && !cae;
}

/** The slot of the same request without claims: a challenge that is answered renews it too. */
export function claimlessKey(request: TokenRequest): CacheKey {
  return cacheKey({ ...request, claims: { wire: undefined, canonical: undefined } });
}

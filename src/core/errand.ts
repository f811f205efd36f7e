import { type CacheKey, claimlessKey } from "../domain/cache-key.ts";
import { parseClaims } from "../domain/claims.ts";
import type { TokenRequest } from "../domain/token-request.ts";
import type { RefreshTrigger } from "./events.ts";

/** What a call asks for, with the name of its slot. */
export interface KeyedRequest {
  readonly request: TokenRequest;
  readonly key: CacheKey;
}

/** What a flight is for. */
export interface Errand extends KeyedRequest {
  readonly trigger: RefreshTrigger;
}

/** The errand that renews the slot of another: without its challenge, and for nobody in particular. */
export function renewalOf({ request, key, trigger }: Errand): Errand {
  if (!isChallenge(request) && trigger === "proactive") return { request, key, trigger };
  const unchallenged = { ...request, claims: parseClaims(undefined, request.cae) };
  return { request: unchallenged, key: claimlessKey(request), trigger: "proactive" };
}

/** Whether the request answers a claims challenge. */
export function isChallenge({ claims }: TokenRequest): boolean {
  return claims.canonical !== undefined;
}

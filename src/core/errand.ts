import type { CacheKey } from "../domain/cache-key.ts";
import type { TokenRequest } from "../domain/token-request.ts";
import type { RefreshTrigger } from "./events.ts";

/** What a flight is for. */
export interface Errand {
  readonly request: TokenRequest;
  readonly key: CacheKey;
  readonly trigger: RefreshTrigger;
}

/** Whether the request answers a claims challenge. */
export function isChallenge({ claims }: TokenRequest): boolean {
  return claims.canonical !== undefined;
}

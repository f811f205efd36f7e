import { cacheKey } from "../domain/cache-key.ts";
import type { TokenRequest } from "../domain/token-request.ts";
import type { KeyedRequest } from "./errand.ts";
import { keepNewest } from "./keep-newest.ts";

/** The parts of a call that choose its token, as the caller gave them. */
export interface Asked {
  readonly scope: string;
  readonly tenantId: string | undefined;
  readonly claims: string | undefined;
  readonly cae: boolean;
}

// Scopes and claims are a few hundred characters; longer ones are not worth their memory.
const MAX_LENGTH = 1_024;

/**
 * Remembers what calls with options were resolved to: the same options name the same slot, and to
 * work that out costs many times what the look-up costs. A plain call needs no memory: its scope is
 * its key.
 */
export class RequestMemo {
  readonly #known = new Map<string, KeyedRequest>();
  readonly #maxEntries: number;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  find(asked: Asked): KeyedRequest | undefined {
    return this.#known.get(nameOf(asked));
  }

  /** Remembers what was asked for and is valid; gives it back with its key. */
  keep(asked: Asked | undefined, request: TokenRequest): KeyedRequest {
    const keyed = { request, key: cacheKey(request) };
    if (asked === undefined || lengthOf(asked) > MAX_LENGTH) return keyed;
    keepNewest(this.#known, nameOf(asked), keyed, this.#maxEntries);
    return keyed;
  }

  clear(): void {
    this.#known.clear();
  }
}

function lengthOf({ scope, tenantId = "", claims = "" }: Asked): number {
  return scope.length + tenantId.length + claims.length;
}

// The lengths make it injective: any of the three may hold any character.
function nameOf({ scope, tenantId = "", claims = "", cae }: Asked): string {
  return `${cae ? "cae" : ""}${scope.length},${tenantId.length},${scope}${tenantId}${claims}`;
}

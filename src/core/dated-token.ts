import { isKeptPlain } from "../domain/cache-key.ts";
import { CachedToken } from "../domain/cached-token.ts";
import { resourceOf } from "../domain/scopes.ts";
import type { TokenRequest } from "../domain/token-request.ts";
import { type RefreshRules, tokenTimes } from "../domain/token-times.ts";
import type { Exchanged } from "./ports.ts";

// An authority that caches its tokens answers with the same expiry, told in whole seconds.
const SAME_EXPIRY_MS = 2_000;
const SAME_EXPIRY_SHARE = 0.1;

export interface Dating {
  readonly rules: RefreshRules;
  /** 0 to 1, for the jitter of the refresh point. */
  readonly chance: number;
  readonly wallOffsetMs: number;
}

/** Gives an issued token its moments on the steady clock, counted from when it was asked for. */
export function datedToken(
  { issued, askedAt }: Exchanged,
  request: TokenRequest,
  { rules, chance, wallOffsetMs }: Dating,
): CachedToken {
  const { lifetimeMs, refreshInMs } = issued;
  return new CachedToken({
    token: issued.reveal(),
    times: tokenTimes({ issuedAt: askedAt, lifetimeMs, refreshInMs, chance }, rules),
    wallOffsetMs,
    tenantId: request.tenantId,
    resource: resourceOf(request.scopes),
    plain: isKeptPlain(request),
  });
}

/** Whether a refresh brought anything: a token that lasts longer than the one before it. */
export function outlives(token: CachedToken, before: CachedToken): boolean {
  const same = Math.min(SAME_EXPIRY_MS, before.lifetimeMs() * SAME_EXPIRY_SHARE);
  return token.expiresAt > before.expiresAt + same;
}

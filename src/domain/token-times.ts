import type { TokenTimes } from "./cached-token.ts";

/** When tokens are renewed; durations in milliseconds. */
export interface RefreshRules {
  /** How long before expiry a token without a hint of the authority's is renewed. */
  readonly windowMs: number;
  /** How long before expiry a caller waits for the renewal. */
  readonly expiryMarginMs: number;
  /** The share of the time to the refresh point by which chance may bring it forward, 0 to 1. */
  readonly jitter: number;
}

/** What is known of a token when it arrives. Moments are of one clock, in milliseconds. */
export interface IssuedLife {
  readonly issuedAt: number;
  readonly lifetimeMs: number;
  /** The authority's own `refresh_in`; wins over the rules. */
  readonly refreshInMs?: number | undefined;
  /** Drawn once per token, 0 to 1. */
  readonly chance: number;
}

const LONG_LIFETIME_MS = 2 * 60 * 60_000;

// At 80 % of its life a token of five windows has exactly one window left.
const SHORT_LIFETIME_WINDOWS = 5;
const SHORT_REFRESH_SHARE = 0.8;

// A tenth at most, so that a token of a minute is not all margin.
const MAX_MARGIN_SHARE = 0.1;

/**
 * Lays out the life of a token. Jitter only makes the refresh earlier, so that a fleet
 * started together does not renew together and nobody renews too late.
 */
export function tokenTimes(life: IssuedLife, rules: RefreshRules): TokenTimes {
  const { issuedAt, lifetimeMs, chance } = life;
  const expiresAt = issuedAt + lifetimeMs;
  const expiringAt = expiresAt - Math.min(rules.expiryMarginMs, lifetimeMs * MAX_MARGIN_SHARE);
  const untilRefreshMs = untilRefresh(life, rules) * (1 - chance * rules.jitter);
  return {
    issuedAt,
    refreshAt: Math.min(issuedAt + untilRefreshMs, expiringAt),
    expiringAt,
    expiresAt,
  };
}

function untilRefresh({ lifetimeMs, refreshInMs }: IssuedLife, { windowMs }: RefreshRules): number {
  if (refreshInMs !== undefined) return refreshInMs;
  // Entra gives such lifetimes under CAE and hints at half of them itself.
  if (lifetimeMs >= LONG_LIFETIME_MS) return lifetimeMs / 2;
  if (lifetimeMs < windowMs * SHORT_LIFETIME_WINDOWS) return lifetimeMs * SHORT_REFRESH_SHARE;
  return lifetimeMs - windowMs;
}

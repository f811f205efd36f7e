// Enough to spread those who were told the same, too little to keep anybody waiting.
const SHARE = 0.1;
const MAX_MS = 5_000;

/** The most that chance adds to a Retry-After, so that those who were told the same do not return together. */
export function longestExtraMs(retryAfterMs: number): number {
  return Math.min(retryAfterMs * SHARE, MAX_MS);
}

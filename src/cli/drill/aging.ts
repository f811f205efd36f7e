/** The authority's hint that makes a token due for renewal after a second. */
export const SOON_DUE = { refreshInS: 1 } as const;

/**
 * How long to wait until such a token is due, in milliseconds. Longer than the hint: a new token that
 * lasts less than two seconds longer than the old one counts as the same again.
 */
export const AGING_MS = 2_500;

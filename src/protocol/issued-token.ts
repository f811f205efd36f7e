/** What a token response grants, with lifetimes as durations: the protocol knows no clock. */
export interface IssuedTokenFacts {
  readonly token: string;
  /** How long the token lasts from the moment it was asked for, in milliseconds; positive. */
  readonly lifetimeMs: number;
  /** When the authority wants it renewed, in milliseconds; positive and less than the lifetime. */
  readonly refreshInMs?: number;
}

/** A token as the authority issued it. The token itself leaves through `reveal` only. */
export class IssuedToken {
  readonly #token: string;
  readonly lifetimeMs: number;
  readonly refreshInMs?: number;

  constructor({ token, lifetimeMs, refreshInMs }: IssuedTokenFacts) {
    this.#token = token;
    this.lifetimeMs = lifetimeMs;
    if (refreshInMs !== undefined) this.refreshInMs = refreshInMs;
  }

  /** The bearer token: a secret. */
  reveal(): string {
    return this.#token;
  }
}

const DAY_MS = 86_400_000;

// Time to order a certificate, time to install it, and the last call.
const NOTICE_DAYS = [30, 7, 1] as const;

/** Notices that an end draws near, once at each of a few distances from it. */
export class ExpiryNotice {
  #expiresOn: number | undefined;
  #toldDays = Number.POSITIVE_INFINITY;

  /** How much time is left when that is news, in milliseconds; a later end begins anew. */
  news(expiresOn: number, now: number): number | undefined {
    if (expiresOn !== this.#expiresOn) {
      this.#expiresOn = expiresOn;
      this.#toldDays = Number.POSITIVE_INFINITY;
    }
    const leftMs = expiresOn - now;
    const days = NOTICE_DAYS.findLast((limit) => leftMs <= limit * DAY_MS);
    if (days === undefined || days >= this.#toldDays) return undefined;
    this.#toldDays = days;
    return leftMs;
  }
}

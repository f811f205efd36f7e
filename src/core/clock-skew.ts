import { clockSkewMs } from "../protocol/clock-skew.ts";

// Below this, rounding to seconds and a slow answer explain the difference.
const NOTEWORTHY_MS = 60_000;

/** Notices how far this machine's clock is from the authority's, once per change. */
export class ClockSkew {
  #reported = 0;

  /** The skew (authority minus local) when it is news, in milliseconds. */
  news(headers: Readonly<Record<string, string | undefined>>, now: number): number | undefined {
    const skew = clockSkewMs(headers, now);
    if (skew === undefined) return undefined;

    const noteworthy = Math.abs(skew) > NOTEWORTHY_MS ? skew : 0;
    if (Math.abs(noteworthy - this.#reported) <= NOTEWORTHY_MS) return undefined;
    this.#reported = noteworthy;
    return noteworthy === 0 ? undefined : noteworthy;
  }
}

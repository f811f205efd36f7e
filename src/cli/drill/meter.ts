import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import type { AccessToken } from "@azure/core-auth";
import { errorCode } from "./error-code.ts";
import { median } from "./median.ts";

/**
 * What the callers of one lane saw: times, errors, tokens. Times are kept by windows, so that one bad
 * moment of the machine spoils one window and not the figure.
 */
export class Meter {
  readonly #window: RecordableHistogram = createHistogram();
  readonly #p99s: number[] = [];
  readonly #rejected = new Map<string, number>();
  readonly #tokens = new Set<string>();
  #last: AccessToken | undefined;
  #calls = 0;
  #waited = 0;
  #longestMs = 0;
  #unserved = 0;

  /** Calls that were answered, with a token or an error. */
  get calls(): number {
    return this.#calls;
  }

  /** Calls whose answer was not there within the turn of the event loop in which they were made. */
  get waited(): number {
    return this.#waited;
  }

  get longestMs(): number {
    return this.#longestMs;
  }

  /** Rejected calls by the code of the error. */
  get rejected(): ReadonlyMap<string, number> {
    return this.#rejected;
  }

  get rejections(): number {
    return [...this.#rejected.values()].reduce((sum, number) => sum + number, 0);
  }

  /** Rejected calls that could have had the token which an earlier call got. */
  get unserved(): number {
    return this.#unserved;
  }

  /** Different tokens. */
  get tokens(): number {
    return this.#tokens.size;
  }

  /** In milliseconds: the middle of the 99th percentiles of all windows. */
  get p99Ms(): number {
    return median(this.#p99s) / 1e6;
  }

  /** A call took so long, and perhaps outlasted its turn of the event loop. */
  timed(tookMs: number, outlasted: boolean): void {
    this.#calls += 1;
    this.#window.record(Math.max(1, Math.round(tookMs * 1e6)));
    if (outlasted) this.#waited += 1;
    if (tookMs > this.#longestMs) this.#longestMs = tookMs;
  }

  served(token: AccessToken): void {
    if (token === this.#last) return;
    this.#last = token;
    this.#tokens.add(token.token);
  }

  refused(error: unknown): void {
    const code = errorCode(error);
    this.#rejected.set(code, (this.#rejected.get(code) ?? 0) + 1);
    if ((this.#last?.expiresOnTimestamp ?? 0) > Date.now()) this.#unserved += 1;
  }

  /** Closes the window and begins the next one. */
  closeWindow(): void {
    if (this.#window.count > 0) this.#p99s.push(this.#window.percentile(99));
    this.#window.reset();
  }
}

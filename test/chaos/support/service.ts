import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import type { ClientAssertionCredential } from "../../../src/index.ts";
import { failure, type Outcome } from "./outcome.ts";

/** How long to go on calling. */
export type Span =
  | { readonly calls: number }
  /** By the monotonic clock. */
  | { readonly lastedMs: number }
  /** By the wall clock, which a test may have sped up. */
  | { readonly livedMs: number };

/** What became of many calls, made one after the other. */
export interface Tally {
  readonly calls: number;
  /** The codes of the errors, in order. */
  readonly rejected: readonly string[];
  /** Calls that did not settle in the turn of the event loop in which they were made. */
  readonly waited: number;
  /** Different tokens served. */
  readonly tokens: number;
  /** The newest of them, counted from 1 over the life of the service; 0 for none. */
  readonly newest: number;
  /** The longest that a token was still served after it was first seen, by the monotonic clock. */
  readonly oldestServedMs: number;
  readonly lastedMs: number;
  readonly livedMs: number;
}

/** Something that lives on tokens: it uses one credential all the time and another now and then. */
export interface Service {
  /** Gets the first token of the credential that is used all the time. */
  warmUp(): Promise<void>;
  /** Resolves when that token is due for renewal. */
  untilDue(): Promise<void>;
  call(span: Span): Promise<Tally>;
  /** Calls until a token comes that is newer than the last one, or the time is over. */
  untilNewer(withinMs: number): Promise<Tally>;
  /** So many calls at once to the credential that has no token yet. */
  callCold(callers: number): Promise<readonly Outcome[]>;
  /** Calls that one until it is served; else the last failure. */
  untilServedCold(withinMs: number): Promise<Outcome>;
}

const SCOPE = "https://vault.azure.net/.default";

// Some two hundred calls a second: a busy service, and no busy loop.
const PACE_MS = 4;

const FIRST_TOKEN_MS = 10_000;

/** The service, in this process. */
export class CredentialService implements Service, AsyncDisposable {
  readonly #warm: ClientAssertionCredential;
  readonly #cold: ClientAssertionCredential;
  readonly #seen = new Map<string, { readonly ordinal: number; readonly at: number }>();
  #dueAt = 0;
  #last: number | undefined;

  constructor(make: () => ClientAssertionCredential) {
    this.#warm = make();
    this.#cold = make();
  }

  async warmUp(): Promise<void> {
    // A busy machine may need longer for its first handshake than an attempt may take.
    const outcome = await this.#untilServed(this.#warm, FIRST_TOKEN_MS);
    if (outcome.code !== "served") throw new Error(`no first token: ${outcome.message}`);
  }

  async untilDue(): Promise<void> {
    while (Date.now() <= this.#dueAt) await pause(PACE_MS);
  }

  call(span: Span): Promise<Tally> {
    const [startedAt, bornAt] = [performance.now(), Date.now()];
    return this.#callWhile((made) => {
      if ("calls" in span) return made < span.calls;
      if ("lastedMs" in span) return performance.now() - startedAt < span.lastedMs;
      return Date.now() - bornAt < span.livedMs;
    });
  }

  untilNewer(withinMs: number): Promise<Tally> {
    const [before, endsAt] = [this.#last, performance.now() + withinMs];
    return this.#callWhile(
      (made) => made === 0 || (this.#last === before && performance.now() < endsAt),
    );
  }

  callCold(callers: number): Promise<readonly Outcome[]> {
    return Promise.all(Array.from({ length: callers }, () => this.#ask(this.#cold)));
  }

  untilServedCold(withinMs: number): Promise<Outcome> {
    return this.#untilServed(this.#cold, withinMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#warm.close(), this.#cold.close()]);
  }

  async #callWhile(goesOn: (made: number) => boolean): Promise<Tally> {
    const [startedAt, bornAt] = [performance.now(), Date.now()];
    const served = new Set<number>();
    const rejected: string[] = [];
    let [calls, waited, oldestServedMs] = [0, 0, 0];
    while (goesOn(calls)) {
      const { outcome, atOnce, ageMs } = await this.#callOnce();
      calls += 1;
      if (!atOnce) waited += 1;
      if (outcome.token === undefined) rejected.push(outcome.code);
      else served.add(outcome.token);
      oldestServedMs = Math.max(oldestServedMs, ageMs);
      await pause(PACE_MS);
    }
    const lastedMs = performance.now() - startedAt;
    const livedMs = Date.now() - bornAt;
    const [tokens, newest] = [served.size, Math.max(0, ...served)];
    return { calls, rejected, waited, tokens, newest, oldestServedMs, lastedMs, livedMs };
  }

  async #callOnce() {
    const asked = this.#ask(this.#warm);
    // No timer and no I/O comes before the next turn: only what needed neither is settled by then.
    const atOnce = await Promise.race([asked.then(() => true), turn(false)]);
    const outcome = await asked;
    const at = [...this.#seen.values()].find(({ ordinal }) => ordinal === outcome.token)?.at;
    return { outcome, atOnce, ageMs: at === undefined ? 0 : performance.now() - at };
  }

  async #untilServed(credential: ClientAssertionCredential, withinMs: number): Promise<Outcome> {
    const endsAt = performance.now() + withinMs;
    for (;;) {
      const outcome = await this.#ask(credential);
      if (outcome.code === "served" || performance.now() > endsAt) return outcome;
      await pause(10 * PACE_MS);
    }
  }

  async #ask(credential: ClientAssertionCredential): Promise<Outcome> {
    const startedAt = performance.now();
    try {
      const { token, refreshAfterTimestamp = 0 } = await credential.getToken(SCOPE);
      const ordinal = this.#meet(token);
      if (credential === this.#warm) [this.#last, this.#dueAt] = [ordinal, refreshAfterTimestamp];
      return { code: "served", token: ordinal, afterMs: performance.now() - startedAt };
    } catch (error) {
      return failure(error, performance.now() - startedAt);
    }
  }

  #meet(token: string): number {
    const known = this.#seen.get(token) ?? { ordinal: this.#seen.size + 1, at: performance.now() };
    this.#seen.set(token, known);
    return known.ordinal;
  }
}

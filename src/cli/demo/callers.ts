import type { AccessToken } from "@azure/core-auth";
import type { AcquisitionOptions, ClientAssertionCredential } from "../../index.ts";
import { stopwatch } from "../stopwatch.ts";
import type { Tally } from "./tally.ts";

/** What the callers ask for. */
export interface Question {
  readonly scope: string;
  readonly options?: AcquisitionOptions;
  /** How many ask at the same moment. @defaultValue 1 */
  readonly callers?: number;
}

/** What the callers got. */
export interface Answers {
  readonly tokens: readonly AccessToken[];
  readonly errors: readonly unknown[];
  /** From the question to the last answer, in milliseconds. */
  readonly slowestMs: number;
}

/** Those who use a credential. Each of their calls is on the tally. */
export class Callers {
  readonly #credential: ClientAssertionCredential;
  readonly #tally: Tally;

  constructor(credential: ClientAssertionCredential, tally: Tally) {
    this.#credential = credential;
    this.#tally = tally;
  }

  /** All ask at the same moment; resolves when all have their answer. */
  async ask(question: Question): Promise<Answers> {
    const { scope, options, callers = 1 } = question;
    const known = this.#peek(question);
    this.#tally.called(callers);

    const elapsedMs = stopwatch();
    const calls = Array.from({ length: callers }, () => this.#credential.getToken(scope, options));
    const results = await Promise.allSettled(calls);
    const slowestMs = elapsedMs();

    const tokens = results.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
    const errors: unknown[] = results.flatMap((result) =>
      result.status === "rejected" ? result.reason : [],
    );
    const answers = { tokens, errors, slowestMs };
    this.#note(answers, known);
    return answers;
  }

  /**
   * One caller asks again and again for a token that is in the cache.
   *
   * @returns How long all of it took, in milliseconds; undefined if not every call was a hit.
   */
  async timeHits(scope: string, times: number): Promise<number | undefined> {
    const known = this.#peek({ scope });
    if (known === undefined) return undefined;
    this.#tally.called(times);

    let hits = 0;
    const elapsedMs = stopwatch();
    for (let call = 0; call < times; call += 1) {
      const { token } = await this.#credential.getToken(scope);
      if (token === known.token) hits += 1;
    }
    const tookMs = elapsedMs();

    this.#tally.hit(known, hits);
    return hits === times ? tookMs : undefined;
  }

  #peek({ scope, options }: Question): AccessToken | undefined {
    try {
      return this.#credential.peek(scope, options);
    } catch {
      // What cannot be asked is not in the cache either; the call itself will say why.
      return undefined;
    }
  }

  #note({ tokens, errors }: Answers, known: AccessToken | undefined): void {
    for (const token of tokens) {
      if (token.token === known?.token) this.#tally.hit(token, 1);
      else this.#tally.waited(token);
    }
    for (const error of errors) this.#tally.failed(error);
  }
}

import type { AccessToken } from "@azure/core-auth";
import { stopwatch } from "../stopwatch.ts";

/** How one call ended. */
export type Answer = Served | Refused;

interface Served {
  readonly token: AccessToken;
  readonly tookMs: number;
}

interface Refused {
  readonly error: unknown;
  readonly tookMs: number;
}

/** Makes a call and tells how it ended; never rejects. */
export async function answerTo(call: () => Promise<AccessToken>): Promise<Answer> {
  const elapsedMs = stopwatch();
  try {
    const token = await call();
    return { token, tookMs: elapsedMs() };
  } catch (error) {
    return { error, tookMs: elapsedMs() };
  }
}

/** Makes so many calls at the same moment. */
export function answersTo(times: number, call: () => Promise<AccessToken>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: times }, () => answerTo(call)));
}

/** Different tokens in the answers. */
export function differentTokens(answers: readonly Answer[]): number {
  const tokens = answers.flatMap((answer) => ("token" in answer ? [answer.token.token] : []));
  return new Set(tokens).size;
}

/** The answers that are errors. */
export function refusals(answers: readonly Answer[]): readonly Refused[] {
  return answers.filter((answer) => "error" in answer);
}

/** The longest that any took, in milliseconds. */
export function longestMs(answers: readonly Answer[]): number {
  return Math.max(0, ...answers.map(({ tookMs }) => tookMs));
}

import type { AccessToken } from "@azure/core-auth";
import { stopwatch } from "../stopwatch.ts";
import { type Answer, answerTo } from "./answer.ts";
import type { Stage } from "./stage.ts";

/** Who asks, for how long and how often; in milliseconds. */
export interface Asking {
  readonly call: () => Promise<AccessToken>;
  readonly forMs: number;
  readonly everyMs: number;
  /** How many ask at each time. @defaultValue 1 */
  readonly callers?: number;
}

/**
 * Asks again and again without waiting for answers, and catches up where the machine was late;
 * resolves when all answers are there.
 */
export async function askAgain(stage: Stage, asking: Asking): Promise<readonly Answer[]> {
  const { call, forMs, everyMs, callers = 1 } = asking;
  const total = Math.floor(forMs / everyMs) * callers;
  const elapsedMs = stopwatch();
  const answers: Promise<Answer>[] = [];
  while (answers.length < total) {
    const due = Math.min(total, (Math.floor(elapsedMs() / everyMs) + 1) * callers);
    stage.made(due - answers.length);
    while (answers.length < due) answers.push(answerTo(call));
    await stage.pause(everyMs);
  }
  return Promise.all(answers);
}

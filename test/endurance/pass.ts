import { vi } from "vitest";
import { turn } from "./turn.ts";

/**
 * Lets fake time pass. Timers fire one by one at their own moments, and after each all promises
 * settle, as in a real process; far faster than the asynchronous advance of the fake clock, which
 * takes a real millisecond for each timer.
 */
export async function pass(ms: number): Promise<void> {
  let isOver = false;
  setTimeout(() => {
    isOver = true;
  }, ms);
  while (!isOver) {
    vi.advanceTimersToNextTimer();
    await turn();
  }
}

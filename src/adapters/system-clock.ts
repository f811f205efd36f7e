import type { Clock, Timer } from "../core/ports.ts";

// Node fires a timer beyond this at once.
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The clocks of this process. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  chance: () => Math.random(),
  schedule(work: () => void, delayMs: number, hold: "referenced" | "unreferenced"): Timer {
    const timer = setTimeout(work, Math.min(Math.max(0, delayMs), LONGEST_DELAY_MS));
    if (hold === "unreferenced") timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

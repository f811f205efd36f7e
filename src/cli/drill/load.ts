import { stopwatch } from "../stopwatch.ts";
import type { Lane } from "./lane.ts";
import { Turns } from "./turns.ts";

/** How lanes are put under load. */
export interface LoadPlan {
  /** For how long, in milliseconds, all lanes together. */
  readonly forMs: number;
  /** How long it is the turn of one lane: one window of its meter. */
  readonly windowMs: number;
  /** Ends the load early. */
  readonly signal: AbortSignal;
  /** Told after each window, with the number of calls since it was told last. */
  readonly made: (calls: number) => void;
}

/**
 * Makes as many calls as the machine can, lane after lane in short windows: what disturbs the machine
 * disturbs all of them alike, and their figures can be compared.
 */
export async function load(lanes: readonly Lane[], plan: LoadPlan): Promise<void> {
  const turns = new Turns();
  const elapsedMs = stopwatch();
  const isOver = () => elapsedMs() >= plan.forMs || plan.signal.aborted;
  while (!isOver()) {
    for (const lane of lanes) {
      if (!isOver()) await runWindow({ lane, plan, turns });
    }
  }
}

interface Window {
  readonly lane: Lane;
  readonly plan: LoadPlan;
  readonly turns: Turns;
}

async function runWindow({ lane, plan, turns }: Window): Promise<void> {
  const { meter } = lane;
  const before = meter.calls;
  const elapsedMs = stopwatch();
  while (elapsedMs() < plan.windowMs) {
    lane.callOn(turns);
    await turns.next();
  }
  meter.closeWindow();
  plan.made(meter.calls - before);
}

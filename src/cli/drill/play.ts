import { count } from "../quantity.ts";
import { stopwatch } from "../stopwatch.ts";
import type { Expectation } from "./expectation.ts";
import type { Scenario } from "./scenario.ts";
import { Stage, type StageSetup } from "./stage.ts";

/** How one run of a scenario ended. */
export interface Played {
  readonly tookMs: number;
  readonly expectations: readonly Expectation[];
  readonly broken?: string;
}

/**
 * Plays a scenario on a stage of its own and closes that, whatever happens. What it throws, and an
 * end that does not come within the limit, is told and not thrown.
 */
export async function play(
  scenario: Scenario,
  { limitMs, ...setup }: StageSetup & { readonly limitMs: number },
): Promise<Played> {
  const tooLong = AbortSignal.timeout(limitMs);
  const signal = AbortSignal.any([setup.signal, tooLong]);
  const stage = new Stage({ ...setup, signal });
  const elapsedMs = stopwatch();
  try {
    const expectations = await Promise.race([scenario.run(stage), abortOf(signal)]);
    return { tookMs: elapsedMs(), expectations };
  } catch (error) {
    const broken = signal.aborted
      ? whyEnded(stage, tooLong.aborted ? limitMs : undefined)
      : String(error);
    return { tookMs: elapsedMs(), expectations: [], broken };
  } finally {
    await stage.close();
  }
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function whyEnded({ requests }: Stage, limitMs: number | undefined): string {
  if (limitMs === undefined) return "interrupted";
  return `cut off after ${Math.round(limitMs / 1_000)} s and ${count(requests, "request").shown}`;
}

import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "./program.ts";

/** What a wall clock shows: the real time moved by hours, or running so many times as fast. */
export type Showing = { readonly hours: number } | { readonly speed: number };

/** A wall clock for other processes. Their monotonic clock and their timers stay real. */
export interface FakeClock extends AsyncDisposable {
  /** The environment of a process that goes by it. */
  readonly env: Readonly<Record<string, string>>;
  /** Changes it, at once and for all who go by it. */
  show(showing: Showing): Promise<void>;
}

/** Makes one; it shows the real time until told otherwise. */
export async function makeFakeClock(showing: Showing = { hours: 0 }): Promise<FakeClock> {
  // Only the wrapper knows where its library is.
  const library = (
    await runProgram("faketime", ["-m", "-f", "+0", "printenv", "LD_PRELOAD"])
  ).trim();
  const folder = await mkdtemp(join(tmpdir(), "affiant-clock-"));
  const file = join(folder, "showing");
  const show = async (next: Showing) => {
    // In one step: a clock that is read while it is written would show anything.
    await writeFile(`${file}.next`, `${inItsWords(next)}\n`);
    await rename(`${file}.next`, file);
  };
  await show(showing);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    },
    show,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function inItsWords(showing: Showing): string {
  if ("speed" in showing) return `+0 x${showing.speed}`;
  return `${showing.hours < 0 ? "" : "+"}${showing.hours}h`;
}

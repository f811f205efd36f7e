import { readFile } from "node:fs/promises";
import type { FaultTimeline } from "../../../testing/index.ts";
import { loadTesting } from "../../demo/load-testing.ts";
import { UsageError } from "../../usage-error.ts";

/** @throws UsageError when there is no such file, or it holds no timeline. */
export async function readTimeline(file: string): Promise<FaultTimeline> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new UsageError(`--timeline: ${file} cannot be read.`);
  });
  const { parseTimeline } = await loadTesting();
  try {
    return parseTimeline(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--timeline: ${file} holds no timeline: ${reason}.`);
  }
}

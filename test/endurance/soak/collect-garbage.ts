import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { turn } from "../turn.ts";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

/** The bytes on the heap that something still refers to. */
export async function heapInUse(): Promise<number> {
  if (typeof collect !== "function") throw new Error("this runtime lets nobody collect garbage");
  // Twice, since what is finalized first lets go of more.
  for (const _ of [1, 2, 3]) {
    await turn();
    collect();
  }
  return process.memoryUsage().heapUsed;
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { CASES, OFF } from "./cases.ts";
import { median } from "./median.ts";

/** What is measured. */
export type Deed = "hit" | "refresh";

/** What one call of a case costs. */
export interface Contest {
  /** As a multiple of what it costs without telemetry. */
  readonly ratio: number;
  /** Without telemetry, in nanoseconds. */
  readonly offNs: number;
}

const WINDOWS = 60;

const script = fileURLToPath(new URL("./child.ts", import.meta.url));

/**
 * Lets a case and its counterpart without telemetry work in turns, a few milliseconds each, so that
 * whatever slows the machine down slows both. As many turns before only warm up.
 */
export async function compete(index: number): Promise<Readonly<Record<Deed, Contest>>> {
  await using off = startWorker(CASES.indexOf(OFF));
  await using other = startWorker(index);
  return { hit: await inTurns(off, other, "hit"), refresh: await inTurns(off, other, "refresh") };
}

interface Worker extends AsyncDisposable {
  work(deed: Deed): Promise<number>;
}

async function inTurns(off: Worker, other: Worker, deed: Deed): Promise<Contest> {
  const turns: { readonly offNs: number; readonly ratio: number }[] = [];
  for (let turn = 0; turn < 2 * WINDOWS; turn += 1) {
    const offNs = await off.work(deed);
    turns.push({ offNs, ratio: (await other.work(deed)) / offNs });
  }
  const counted = turns.slice(WINDOWS);
  return {
    ratio: median(counted.map(({ ratio }) => ratio)),
    offNs: median(counted.map(({ offNs }) => offNs)),
  };
}

function startWorker(index: number): Worker {
  const child = spawn(process.execPath, [script, String(index)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    work: async (deed) => {
      child.stdin.write(`${deed}\n`);
      const { value, done } = await answers.next();
      if (done === true) throw new Error(`${CASES[index]?.name} has ended`);
      return Number(value);
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await closed;
    },
  };
}

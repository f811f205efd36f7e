import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Entra } from "./entra.ts";

/** What a script says, a line of JSON each. */
export interface Fact {
  readonly token?: string;
  readonly code?: string;
  readonly event?: string;
  /** From its last await to its end. */
  readonly endedAfterMs?: number;
}

export interface Child {
  /** The next line that names this event. */
  said(event: string): Promise<void>;
  /** Lets the script go on where it waits for that. */
  goOn(): void;
  /** How it ended, and all it said as one. */
  ended(): Promise<Fact & { readonly exitCode: number | null; readonly complaints: string }>;
}

/** What a script needs to know of its authority; it is handed over as JSON. */
export interface Handover {
  readonly authorityHost: string;
  readonly ca: string;
  readonly assertion: string;
}

/** Runs a script in a process of its own, which ends with the test at the latest. */
export async function runScript(script: URL, entra: Entra): Promise<Child> {
  const handover: Handover = {
    authorityHost: entra.authority.url,
    ca: entra.certificate,
    assertion: await entra.signLasting(),
  };
  const child = spawn(process.execPath, [fileURLToPath(script), JSON.stringify(handover)], {
    env: {},
  });
  const closed = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await closed;
  });

  const facts: Fact[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    facts.push(JSON.parse(line));
    lines.emit("fact");
  });
  const complaints: string[] = [];
  child.stderr.on("data", (chunk) => complaints.push(String(chunk)));

  return {
    said: async (event) => {
      const over = closed.then(() => Promise.reject(new Error(complaints.join("") || "it ended")));
      while (!facts.some((fact) => fact.event === event)) {
        await Promise.race([once(lines, "fact"), over]);
      }
    },
    goOn: () => child.stdin.end("go on\n"),
    ended: async () => {
      await closed;
      const { exitCode } = child;
      return Object.assign({ exitCode, complaints: complaints.join("") }, ...facts);
    },
  };
}

import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Ended } from "./recorded-run.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** How the process is to run. */
export interface ChildSetup {
  readonly env?: Readonly<Record<string, string>>;
  /** The source of a module to load before the command. */
  readonly preload?: string;
}

/** Runs the command line as a user does, in a process of its own that inherits no settings. */
export async function runChild(args: readonly string[], setup: ChildSetup = {}): Promise<Ended> {
  const { env = {}, preload } = setup;
  const imports =
    preload === undefined
      ? []
      : ["--import", `data:text/javascript,${encodeURIComponent(preload)}`];
  const child = spawn(process.execPath, [...imports, MAIN, ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once("exit", resolve)),
  ]);
  return { exitCode, stdout, stderr };
}

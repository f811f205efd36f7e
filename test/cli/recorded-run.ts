import { run } from "../../src/cli/run.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

/** What a command printed and how it ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process. */
export async function runHere(
  args: readonly string[],
  changes: Partial<Terminal> = {},
): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  const exitCode = await run(args, {
    write: (text) => {
      stdout += text;
    },
    complain: (text) => {
      stderr += text;
    },
    env: {},
    colors: false,
    columns: 80,
    ...changes,
  });
  return { exitCode, stdout, stderr };
}

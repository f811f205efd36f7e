import { run } from "./run.ts";
import type { Terminal } from "./terminal.ts";

/** Runs the command line of this process. */
export async function start(): Promise<void> {
  const { stdout, stderr, env, argv } = process;
  const terminal: Terminal = {
    write: (text) => void stdout.write(text),
    complain: (text) => void stderr.write(text),
    env,
    colors: stdout.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb",
    columns: stdout.columns ?? 80,
  };
  stdout.on("error", endQuietly);
  process.exitCode = await run(argv.slice(2), terminal);
}

// A reader that has seen enough, such as `head`, is no failure.
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}

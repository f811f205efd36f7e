#!/usr/bin/env node
import { run } from "./run.ts";
import type { Terminal } from "./terminal.ts";

const { stdout, stderr, env, argv } = process;

const terminal: Terminal = {
  write: (text) => void stdout.write(text),
  complain: (text) => void stderr.write(text),
  env,
  colors: stdout.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb",
  columns: stdout.columns ?? 80,
};

// A reader that has seen enough, such as `head`, is no failure.
stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await run(argv.slice(2), terminal);

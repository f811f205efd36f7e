import type { Terminal } from "./terminal.ts";

/** 0 when all went well, 1 when it did not, 2 when options or settings are missing or make no sense. */
export type ExitCode = 0 | 1 | 2;

/** One subcommand of `affiant`. */
export interface Command {
  /** What `--help` prints. */
  readonly help: string;
  /** @throws UsageError when the arguments, which follow the command's name, make no sense. */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<ExitCode>;
}

import type { Command } from "./command.ts";

/** A row of the table of commands. */
export interface CommandEntry {
  /** One line for the overview. */
  readonly summary: string;
  /** Loads the command when it is wanted: `--help` need not wait for the whole library. */
  readonly load: () => Promise<Command>;
}

/** All commands by name, in the order of the overview. */
export const COMMANDS: ReadonlyMap<string, CommandEntry> = new Map([
  [
    "demo",
    {
      summary: "Tells the life of a token, here and now, or asks a real tenant for one",
      load: async () => (await import("./demo/command.ts")).demo,
    },
  ],
  [
    "drill",
    {
      summary: "Lets an authority fail in every way, under load, and tells what callers notice",
      load: async () => (await import("./drill/command.ts")).drill,
    },
  ],
]);

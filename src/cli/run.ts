import { nearest } from "../domain/nearest.ts";
import { PACKAGE_NAME, PACKAGE_VERSION } from "../version.ts";
import { calledAs } from "./called-as.ts";
import type { Command, ExitCode } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** Runs what the arguments, without those of Node itself, ask for. Never rejects. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [first, ...rest] = argv;
  switch (first) {
    case undefined:
    case "help":
    case "--help":
    case "-h":
      terminal.write(overview());
      return 0;
    case "--version":
    case "-v":
      terminal.write(`${PACKAGE_NAME} ${PACKAGE_VERSION}\n`);
      return 0;
  }
  const entry = COMMANDS.get(first);
  if (entry === undefined) {
    return refuse({ reason: unknownWord(first) }, terminal);
  }
  return attempt({ name: first, load: entry.load, args: rest }, terminal);
}

interface Attempt {
  readonly name: string;
  readonly load: () => Promise<Command>;
  readonly args: readonly string[];
}

async function attempt({ name, load, args }: Attempt, terminal: Terminal): Promise<ExitCode> {
  try {
    const command = await load();
    if (args.includes("--help") || args.includes("-h")) {
      terminal.write(command.help);
      return 0;
    }
    return await command.run(args, terminal);
  } catch (error) {
    if (error instanceof UsageError)
      return refuse({ command: name, reason: error.message }, terminal);
    const message = error instanceof Error ? error.message : error;
    terminal.complain(`${PACKAGE_NAME} ${name}: ${message}\n`);
    return 1;
  }
}

interface Refusal {
  readonly command?: string;
  readonly reason: string;
}

function refuse({ command, reason }: Refusal, { complain, env }: Terminal): ExitCode {
  const name = command === undefined ? PACKAGE_NAME : `${PACKAGE_NAME} ${command}`;
  complain(`${name}: ${reason}\nSee ${calledAs(env, command)} --help.\n`);
  return 2;
}

function unknownWord(word: string): string {
  const kind = word.startsWith("-") ? "option" : "command";
  const known = kind === "option" ? ["--help", "--version"] : [...COMMANDS.keys(), "help"];
  const meant = nearest(word, known);
  return `unknown ${kind} '${word}'.${meant === undefined ? "" : ` Did you mean ${meant}?`}`;
}

function overview(): string {
  const rows = [...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`);
  return [
    `${PACKAGE_NAME} ${PACKAGE_VERSION}: a client assertion credential for Microsoft Entra ID`,
    "",
    `Usage: ${PACKAGE_NAME} <command> [options]`,
    "",
    "Commands:",
    ...rows,
    "",
    "Options:",
    "  --help      Shows this, or after a command what that command takes",
    "  --version   Shows the version",
    "",
  ].join("\n");
}

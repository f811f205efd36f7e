import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Handover } from "../../real/support/child.ts";
import type { Entra } from "../../real/support/entra.ts";

/** A program in a process of its own, which ends with the test at the latest. */
export interface Program {
  /** The next line of its output that says this. */
  said(line: string): Promise<void>;
  /** Lets it go on where it waits for that. */
  goOn(): void;
  signal(name: NodeJS.Signals): void;
  ended(): Promise<Ending>;
}

export interface Ending {
  readonly exitCode: number | null;
  /** The signal that ended it, if one did. */
  readonly signal: NodeJS.Signals | null;
  readonly output: readonly string[];
  /** Its last line, when that says how long it still lived after its last call. */
  readonly endedAfterMs: number;
  /** All it wrote on stderr. */
  readonly complaints: string;
  /** The warnings of ours among them. */
  readonly warnings: readonly string[];
}

export interface ProgramOptions {
  readonly script: URL;
  /** Modules ahead of the script, as `--import` takes them. @defaultValue `affiant/register` */
  readonly imports?: readonly URL[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Whom its credential asks. */
  readonly entra?: Entra;
}

// Half of what a process needs to start is the compiling of the SDK, always the same.
const COMPILE_CACHE = fileURLToPath(
  new URL("../../../node_modules/.cache/affiant-programs", import.meta.url),
);

export const REGISTER = new URL("../../../src/sdk/register.ts", import.meta.url);

export async function run(options: ProgramOptions): Promise<Program> {
  const { script, imports = [REGISTER], environment = {}, entra } = options;
  const child = spawn(
    process.execPath,
    [
      ...imports.flatMap(({ href }) => ["--import", href]),
      fileURLToPath(script),
      ...(entra === undefined ? [] : [JSON.stringify(await handover(entra))]),
    ],
    { env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...environment } },
  );
  const closed = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await closed;
  });

  const output: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => output.push(line));
  const complaints: string[] = [];
  child.stderr.on("data", (chunk) => complaints.push(String(chunk)));

  return {
    said: async (wanted) => {
      const over = closed.then(() => Promise.reject(new Error(complaints.join("") || "it ended")));
      while (!output.includes(wanted)) await Promise.race([once(lines, "line"), over]);
    },
    goOn: () => child.stdin.end("go on\n"),
    signal: (name) => child.kill(name),
    ended: async () => {
      await closed;
      const text = complaints.join("");
      const warnings = text.split("\n").filter((line) => line.includes("AffiantWarning: "));
      const { exitCode, signalCode } = child;
      return {
        exitCode,
        signal: signalCode,
        output,
        endedAfterMs: Number(output.at(-1)),
        complaints: text,
        warnings,
      };
    },
  };
}

/** Runs it to its end. */
export async function runToEnd(options: ProgramOptions): Promise<Ending> {
  return (await run(options)).ended();
}

/** What sends everything to one place, as JSON. */
export function otlpTo({ origin }: { readonly origin: string }): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: origin, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" };
}

async function handover({ authority, certificate, signLasting }: Entra): Promise<Handover> {
  return { authorityHost: authority.url, ca: certificate, assertion: await signLasting() };
}

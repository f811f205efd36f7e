import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** How a script is run in a process of its own. */
export interface Launch {
  readonly script: URL;
  /** What it needs to know: its one argument, as JSON. */
  readonly handover: object;
  /** A program and its arguments that run the rest of the command line. */
  readonly within?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A script in a process of its own, which is ended when it is disposed of. */
export interface Child extends AsyncDisposable {
  /** Says one line of JSON to it. */
  tell(message: object): void;
  /** Lets it see the end of what is said. */
  hangUp(): void;
  /** The next line of JSON that it says; rejects when it ends first, or says nothing in time. */
  hear<Message>(): Promise<Message>;
  /** How it ended, and what it said in complaint. */
  ended(): Promise<{ readonly exitCode: number | null; readonly complaints: string }>;
}

const PATIENCE_MS = 20_000;

// What one child has compiled the next one need not.
const COMPILED = fileURLToPath(new URL("../../../node_modules/.cache/affiant", import.meta.url));

/** Runs a script. */
export function startChild({ script, handover, within = [], env = {} }: Launch): Child {
  const line = [...within, process.execPath, fileURLToPath(script), JSON.stringify(handover)];
  const [program = "", ...args] = line;
  const child = spawn(program, args, { env: { NODE_COMPILE_CACHE: COMPILED, ...env } });
  const closed = once(child, "close");
  // Whoever hears or waits for the end is told; a pipe that breaks says no more than that.
  closed.catch(() => {});
  child.stdin.on("error", () => {});

  const complaints: string[] = [];
  child.stderr.on("data", (chunk) => complaints.push(String(chunk)));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  const hear = async () => {
    const next = await inTime(lines.next(), () => `silence, and ${complaints.join("")}`);
    if (next.done === true) throw new Error(`it ended: ${complaints.join("")}`);
    return JSON.parse(next.value);
  };
  const ended = async () => {
    await inTime(closed, () => "it does not end");
    return { exitCode: child.exitCode, complaints: complaints.join("") };
  };
  return {
    tell: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    hangUp: () => void child.stdin.end(),
    hear,
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await closed.catch(() => {});
    },
  };
}

async function inTime<T>(work: Promise<T>, complaint: () => string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(complaint())), PATIENCE_MS);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

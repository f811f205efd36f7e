import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ServerIdentity } from "../../../src/testing/index.ts";
import { portOf } from "./door.ts";
import { haproxyConfig, type Manner } from "./haproxy-config.ts";
import { askSocket, readStatistics } from "./haproxy-socket.ts";
import { programPath } from "./program.ts";

/** A haproxy of the test's own in front of an authority. */
export interface Haproxy extends AsyncDisposable {
  /** Where clients find the authority. */
  readonly url: string;
  /** Changes what happens to requests from the next one on. */
  switchTo(manner: Manner): Promise<void>;
  /** How many requests came in so far, whatever became of them. */
  requests(): Promise<number>;
}

const START_MS = 5_000;
const STARTS = 3;

/** Starts it on a free port of the loopback address, with its files in a folder of its own. */
export async function startHaproxy(
  authorityUrl: string,
  identity: ServerIdentity,
): Promise<Haproxy> {
  const folder = await mkdtemp(join(tmpdir(), "affiant-haproxy-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const files = await writeFiles(folder, identity);
    const plan = { ...files, authorityPort: Number(new URL(authorityUrl).port) };
    const { port, stop } = await startOnFreePort(folder, plan);
    return haproxyAt({ port, ...files }, async () => {
      await stop();
      await remove();
    });
  } catch (error) {
    await remove();
    throw error;
  }
}

type Files = Awaited<ReturnType<typeof writeFiles>>;

async function writeFiles(folder: string, { certificate, privateKey }: ServerIdentity) {
  const file = (name: string) => join(folder, name);
  const files = {
    identityFile: file("identity.pem"),
    caFile: file("ca.pem"),
    mapFile: file("manner.map"),
    socketFile: file("admin.sock"),
  };
  await Promise.all([
    writeFile(files.identityFile, `${certificate}${privateKey}`, { mode: 0o600 }),
    writeFile(files.caFile, certificate),
    writeFile(files.mapFile, "entra pass\n"),
  ]);
  return files;
}

interface Running {
  readonly port: number;
  stop(): Promise<void>;
}

// Somebody may take the port between our look and haproxy's.
async function startOnFreePort(
  folder: string,
  plan: Files & { readonly authorityPort: number },
): Promise<Running> {
  const configFile = join(folder, "haproxy.cfg");
  const complaints: string[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const port = await freePort();
    await writeFile(configFile, haproxyConfig({ ...plan, port }));
    const running = await tryStart(configFile, plan.socketFile, complaints);
    if (running !== undefined) return { port, stop: running };
  }
  throw new Error(`haproxy did not start: ${complaints.join("")}`);
}

async function tryStart(
  configFile: string,
  socketFile: string,
  complaints: string[],
): Promise<(() => Promise<void>) | undefined> {
  const child = spawn(programPath("haproxy"), ["-db", "-f", configFile], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.stderr.on("data", (chunk) => complaints.push(String(chunk)));
  const closed = once(child, "close");
  const stop = async () => {
    child.kill("SIGKILL");
    await closed;
  };
  const endsAt = performance.now() + START_MS;
  while (child.exitCode === null && performance.now() < endsAt) {
    if (await answers(socketFile)) return stop;
    await pause(10);
  }
  await stop();
  return undefined;
}

function answers(socketFile: string): Promise<boolean> {
  return askSocket(socketFile, "show info").then(
    (text) => text.includes("Uptime"),
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server.address());
  server.close();
  await once(server, "close");
  return port;
}

function haproxyAt(
  { port, mapFile, socketFile }: Pick<Files, "mapFile" | "socketFile"> & { readonly port: number },
  close: () => Promise<void>,
): Haproxy {
  return {
    url: `https://localhost:${port}`,
    switchTo: async (manner) => {
      const answer = await askSocket(socketFile, `set map ${mapFile} entra ${manner}`);
      if (answer.trim() !== "") throw new Error(`haproxy says: ${answer}`);
    },
    requests: async () => (await readStatistics(socketFile, "entra", "FRONTEND")).requests,
    [Symbol.asyncDispose]: close,
  };
}

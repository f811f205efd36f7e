import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { loopbackIdentity } from "./loopback-server.ts";

/** Microsoft's emulator of Azure Storage: blobs over TLS, bearer tokens required. */
export interface Azurite {
  /** Where the account's blobs are. */
  readonly url: string;
  /** The certificate to trust, in PEM. */
  readonly certificate: string;
  close(): Promise<void>;
}

const require = createRequire(import.meta.url);

const PROGRAM = require.resolve("azurite/dist/src/blob/main.js");

/** Starts it and resolves when it listens. */
export async function startAzurite(): Promise<Azurite> {
  const folder = await mkdtemp(join(tmpdir(), "azurite-"));
  const { certificate, privateKey } = await loopbackIdentity();
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  await Promise.all([writeFile(cert, certificate), writeFile(key, privateKey)]);

  const options = ["--oauth", "basic", "--cert", cert, "--key", key];
  const child = spawn(
    process.execPath,
    [PROGRAM, ...options, "--blobHost", "127.0.0.1", "--blobPort", "0", ...QUIETLY],
    { stdio: ["ignore", "pipe", "pipe"], cwd: folder },
  );
  const exited = once(child, "exit");
  const close = async () => {
    child.kill("SIGKILL");
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const port = await portWhenListening(child.stdout, exited);
    return { url: `https://localhost:${port}/devstoreaccount1`, certificate, close };
  } catch (error) {
    await close();
    throw error;
  }
}

// The storage client may speak a newer version of the protocol than the emulator knows of.
const QUIETLY = ["--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck"];

async function portWhenListening(
  output: NodeJS.ReadableStream,
  exited: Promise<unknown>,
): Promise<string> {
  const lines = createInterface({ input: output });
  const listens = new Promise<string>((resolve) => {
    lines.on("line", (line) => {
      const [, port] = /successfully listens on https:\/\/127\.0\.0\.1:(\d+)/.exec(line) ?? [];
      if (port !== undefined) resolve(port);
    });
  });
  const failed = exited.then(() => Promise.reject(new Error("Azurite ended before it listened")));
  return Promise.race([listens, failed]);
}

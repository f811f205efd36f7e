import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Telling } from "./telling.ts";

interface Run {
  readonly script: URL;
  /** Preloaded after the SDK, in this order. */
  readonly instrumentations: readonly (keyof typeof PRELOADS)[];
  /** What the script needs to know. */
  readonly handover: object;
}

const SDK = new URL("../scripts/tracing-sdk.ts", import.meta.url);
const PRELOADS = {
  azure: new URL("../scripts/azure-instrumentation.ts", import.meta.url),
  http: new URL("../scripts/http-instrumentation.ts", import.meta.url),
};

// Such a script takes two seconds; one that hangs must not outlive the test by much.
const TIME_LIMIT_MS = 30_000;

/**
 * Runs a script in a process of its own, instrumented as an application is: by modules that are
 * preloaded with `--import`, before the library. Rejects when the script fails or complains.
 */
export function runInstrumented({ script, instrumentations, handover }: Run): Promise<Telling> {
  const preloads = [SDK, ...instrumentations.map((name) => PRELOADS[name])];
  const { promise, resolve, reject } = Promise.withResolvers<Telling>();
  execFile(
    process.execPath,
    [
      ...preloads.flatMap(({ href }) => ["--import", href]),
      fileURLToPath(script),
      JSON.stringify(handover),
    ],
    { env: {}, timeout: TIME_LIMIT_MS, killSignal: "SIGKILL" },
    (error, stdout, stderr) => {
      // Not the error itself: its message is the whole command with all that was handed over.
      const failure = error === null ? "" : `it ended with ${error.code ?? error.signal}`;
      if (failure !== "" || stderr !== "") reject(new Error(stderr || failure));
      else resolve(JSON.parse(stdout));
    },
  );
  return promise;
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { programPath } from "../../chaos/support/program.ts";

/** One series of an answer. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A Prometheus of the test's own. */
export interface Prometheus extends AsyncDisposable {
  /** Asks a query; rejects with what Prometheus says of one that is wrong. */
  query(query: string): Promise<readonly Sample[]>;
  /** Returns when so many scrapes have begun and ended since it was called. */
  scraped(times: number): Promise<void>;
  /** The names of all metrics that were scraped. */
  metricNames(): Promise<readonly string[]>;
}

const PATIENCE_MS = 20_000;

/** Starts it on a free port of the loopback address, with its data in a folder of its own. */
export async function startPrometheus(scrapeConfiguration: string): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), "affiant-prometheus-"));
  const file = join(folder, "prometheus.yml");
  await writeFile(file, `global: { scrape_interval: 250ms }\n${scrapeConfiguration}\n`);
  const child = spawn(
    programPath("prometheus"),
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      "--web.listen-address=127.0.0.1:0",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const closed = once(child, "close");
  const stop = async () => {
    child.kill("SIGKILL");
    await closed;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return prometheusAt(await addressIn(child.stderr), stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

// Only its log tells which port it got.
async function addressIn(log: NodeJS.ReadableStream): Promise<string> {
  const said: string[] = [];
  const lines = createInterface({ input: log, signal: AbortSignal.timeout(PATIENCE_MS) });
  for await (const line of lines) {
    said.push(line);
    const [, address] = line.match(/msg="Listening on" address=(\S+)/) ?? [];
    if (address !== undefined) {
      log.resume();
      return address;
    }
  }
  throw new Error(`prometheus did not start: ${said.join("\n")}`);
}

/** What its API says. */
interface Answer<Data> {
  readonly status: "success" | "error";
  readonly data: Data;
  readonly error?: string;
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [at: number, value: string];
}

function prometheusAt(address: string, stop: () => Promise<void>): Prometheus {
  const ask = async <Data>(path: string, parameters: Readonly<Record<string, string>> = {}) => {
    const url = `http://${address}/api/v1/${path}?${new URLSearchParams(parameters)}`;
    const answer: Answer<Data> = JSON.parse(await (await fetch(url)).text());
    if (answer.status !== "success") throw new Error(`prometheus says: ${answer.error}`);
    return answer.data;
  };
  const query = async (text: string): Promise<readonly Sample[]> => {
    const { result } = await ask<{ readonly result: readonly Series[] }>("query", { query: text });
    return result.map(sampleOf);
  };
  // A scrape is stored as a whole: whoever sees that it was up sees what it brought.
  const count = async () => (await query("sum(count_over_time(up[1h]))"))[0]?.value ?? 0;
  return {
    query,
    metricNames: () => ask("label/__name__/values"),
    scraped: async (times) => {
      const endsAt = performance.now() + PATIENCE_MS;
      // The one that is under way may have read the page before.
      const wanted = (await count()) + times + 1;
      while ((await count()) < wanted) {
        if (performance.now() > endsAt) throw new Error("prometheus does not scrape");
        await pause(20);
      }
    },
    [Symbol.asyncDispose]: stop,
  };
}

function sampleOf({ metric, value: [, value] }: Series): Sample {
  return { labels: metric, value: Number(value) };
}

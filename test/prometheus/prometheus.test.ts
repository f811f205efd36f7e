import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import {
  collectorName,
  directName,
  METRIC_NAMES,
} from "../../scripts/telemetry-docs/prometheus-names.ts";
import { METRICS } from "../../src/telemetry/metrics.ts";
import { programPath } from "../chaos/support/program.ts";
import { describeWith } from "../support/optional-part.ts";
import { beginBadDay } from "./support/bad-day.ts";
import {
  directConfiguration,
  documentedConfigurations,
  documentedQueries,
} from "./support/documented.ts";
import { serveMetrics } from "./support/metrics-page.ts";
import { PROMETHEUS } from "./support/parts.ts";
import { type Sample, startPrometheus } from "./support/prometheus.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const PORT_OF_THE_DOCS = "localhost:9464";

/** What was seen of a bad day. */
interface Seen {
  readonly page: string;
  readonly names: readonly string[];
  readonly answers: ReadonlyMap<string, readonly Sample[] | Error>;
}

describeWith(PROMETHEUS, "a bad day in Prometheus", () => {
  let seen: Seen;
  beforeAll(async () => {
    seen = await liveThrough();
  });

  test("every metric of the registry is on the page, under the name that the docs give it", () => {
    const offered = [...seen.page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);

    expect(offered.filter((name) => name !== "target_info").sort()).toEqual(
      METRIC_NAMES.map(directName).sort(),
    );
  });

  test("promtool has nothing to say against the page", () => {
    expect(promtool(["check", "metrics"], seen.page)).toEqual({ status: 0, said: "" });
  });

  test("promtool accepts the documented configurations", async () => {
    const verdicts = await Promise.all(documentedConfigurations().map(verdictOn));

    expect(verdicts).toEqual([0, 0]);
  });

  test("with the documented rule all names are those that the Collector gives", () => {
    const ours = seen.names.filter((name) => /^(?:entra_|http_)/.test(name));

    expect(ours.toSorted()).toEqual(METRIC_NAMES.flatMap(seriesNames).toSorted());
  });

  test.each(documentedQueries())("a query answers: $question", ({ query }) => {
    const answer = seen.answers.get(query);

    expect(answer).toEqual(expect.any(Array));
    expect(answer).not.toEqual([]);
    const values = Array.isArray(answer) ? answer.map(({ value }) => value) : [];
    // NaN says of one credential that nobody asked it lately.
    expect(values.filter(Number.isFinite)).not.toEqual([]);
  });

  test("the share of errors is 0 for whoever has none", () => {
    const answer = seen.answers.get(documentedQueries()[0]?.query ?? "");

    const shares = Array.isArray(answer) ? answer : [];
    const byName = shares.map(({ labels, value }) => [labels["entra_credential_name"], value]);
    expect(Object.fromEntries(byName)).toEqual({
      billing: 0,
      orders: expect.closeTo(1 / 223, 3),
      payroll: 1,
    });
  });
});

async function liveThrough(): Promise<Seen> {
  await using page = await serveMetrics();
  await using day = await beginBadDay();
  await using prometheus = await startPrometheus(
    directConfiguration().replace(PORT_OF_THE_DOCS, page.target),
  );
  // Two times, since a rate takes a count that grew from one scrape to another.
  await day.goOn();
  await prometheus.scraped(1);
  await day.goOn();
  await prometheus.scraped(1);

  const answers = await Promise.all(
    documentedQueries().map(async ({ query }) => {
      const answer = await prometheus.query(query).catch((error: Error) => error);
      return [query, answer] as const;
    }),
  );
  return {
    page: await page.read(),
    names: await prometheus.metricNames(),
    answers: new Map(answers),
  };
}

function seriesNames(metric: (typeof METRIC_NAMES)[number]): readonly string[] {
  const name = collectorName(metric);
  if (METRICS[metric].instrument !== "Histogram") return [name];
  return ["_bucket", "_count", "_sum"].map((part) => `${name}${part}`);
}

// It reads no configuration from a pipe.
async function verdictOn(configuration: string): Promise<number | null> {
  const folder = await mkdtemp(join(tmpdir(), "affiant-promtool-"));
  try {
    const file = join(folder, "prometheus.yml");
    await writeFile(file, configuration);
    return promtool(["check", "config", file]).status;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function promtool(args: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(programPath("promtool"), args, {
    input,
    encoding: "utf8",
  });
  return { status, said: `${stdout}${stderr}` };
}

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ATTRIBUTES } from "../../src/telemetry/attributes.ts";
import { METRICS } from "../../src/telemetry/metrics.ts";

const text = readFileSync(new URL("../../dashboards/overview.json", import.meta.url), "utf8");
const queries = [...text.matchAll(/"expr": "((?:[^"\\]|\\.)*)"/g)].map(([, query = ""]) => query);

const toPrometheus = (name: string) => name.replaceAll(".", "_");

test("each metric that a panel asks for is one that is emitted", () => {
  const emitted = Object.keys(METRICS).map(toPrometheus);
  const asked = queries.flatMap((query) => query.match(/entra_credential_[a-z_]+(?=\{)/g) ?? []);

  expect(asked.length).toBeGreaterThan(0);
  const known = asked.filter((name) => emitted.some((metric) => name.startsWith(metric)));
  expect(known).toEqual(asked);
});

test("each label that a panel groups by is an attribute that is emitted", () => {
  const known = new Set(["le", ...Object.keys(ATTRIBUTES).map(toPrometheus)]);
  const labels = queries.flatMap((query) =>
    [...query.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/,\s*/)),
  );

  expect(labels.length).toBeGreaterThan(0);
  expect(labels.filter((label) => !known.has(label))).toEqual([]);
});

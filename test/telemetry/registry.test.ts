import { readFileSync } from "node:fs";
import * as stable from "@opentelemetry/semantic-conventions";
import * as incubating from "@opentelemetry/semantic-conventions/incubating";
import { expect, test } from "vitest";
import { ATTRIBUTES } from "../../src/telemetry/attributes.ts";
import { EVENTS } from "../../src/telemetry/events.ts";
import { METRICS } from "../../src/telemetry/metrics.ts";
import { SCOPE } from "../../src/telemetry/registry.ts";
import { SPANS } from "../../src/telemetry/spans.ts";

const OWN = /^entra\.(credential|tenant|client|error|correlation)\./;
const conventional: ReadonlySet<string> = new Set(
  Object.entries({ ...incubating, ...stable })
    .filter(([name]) => name.startsWith("ATTR_"))
    .map(([, value]) => String(value)),
);

test.each(Object.keys(ATTRIBUTES))("%s is ours or one of the conventions", (name) => {
  expect(OWN.test(name)).toBe(!conventional.has(name));
});

test("the schema is that of the conventions the names were taken from", () => {
  const manifest: unknown = JSON.parse(readFileSync("package.json", "utf8"));

  const version = SCOPE.schemaUrl.split("/").at(-1);
  expect(manifest).toMatchObject({
    devDependencies: { "@opentelemetry/semantic-conventions": version },
  });
});

test("every attribute is on some span, metric or event", () => {
  const used = [SPANS, METRICS, EVENTS]
    .flatMap((table) => Object.values<{ readonly attributes: readonly string[] }>(table))
    .flatMap(({ attributes }) => attributes);

  expect(new Set(used)).toEqual(new Set(Object.keys(ATTRIBUTES)));
});

test.each(Object.entries(METRICS))("%s names no tenant and no client", (_, { attributes }) => {
  const identities = attributes.filter((name) =>
    /^entra\.(tenant|client)\.|url|resource/.test(name),
  );

  expect(identities).toEqual([]);
});

test.each(Object.keys(METRICS))("%s has no unit and no total in its name", (name) => {
  expect(name).not.toMatch(/total|second|_s$|_count$/);
});

test.each(Object.entries(METRICS))("%s has rising buckets, if any", (_, metric) => {
  const buckets = "buckets" in metric ? [...metric.buckets] : [];

  expect(buckets).toEqual([...new Set(buckets)].sort((a, b) => a - b));
});

test("a metric whose name is not ours is one of the conventions", () => {
  const conventional = new Set(
    Object.entries({ ...incubating, ...stable })
      .filter(([name]) => name.startsWith("METRIC_"))
      .map(([, value]) => String(value)),
  );

  const foreign = Object.keys(METRICS).filter((name) => !OWN.test(name));
  expect(foreign.filter((name) => !conventional.has(name))).toEqual([]);
});

test("the metrics are those of the schema, with their instruments and units", () => {
  const shapes = Object.entries(METRICS).map(([name, { instrument, unit }]) =>
    [name.replace("entra.credential.", ""), instrument, unit].join(" "),
  );

  expect(shapes).toEqual([
    "token.acquisitions ObservableCounter {acquisition}",
    "token.acquisition.duration Histogram s",
    "token.refresh.duration Histogram s",
    "authority.request.duration Histogram s",
    "http.client.request.duration Histogram s",
    "assertion.duration Histogram s",
    "token.refresh.retries Counter {retry}",
    "retry_budget.remaining ObservableGauge {retry}",
    "authority.throttle.duration Histogram s",
    "circuit_breaker.status ObservableUpDownCounter {circuit}",
    "circuit_breaker.transitions Counter {transition}",
    "token.expiry.timestamp ObservableGauge s",
    "token.lifetime Histogram s",
    "assertion.expiry.timestamp ObservableGauge s",
    "cache.usage ObservableUpDownCounter {entry}",
    "cache.limit ObservableUpDownCounter {entry}",
    "cache.evictions Counter {entry}",
    "token.request.active ObservableUpDownCounter {request}",
  ]);
});

test.each(Object.keys(EVENTS))("the event %s has a name of ours", (name) => {
  expect(name).toMatch(OWN);
});

test("the buckets of requests are those of the HTTP conventions, those of flights go to a minute", () => {
  const http = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

  expect(METRICS["entra.credential.authority.request.duration"].buckets).toEqual(http);
  expect(METRICS["entra.credential.token.refresh.duration"].buckets).toEqual([...http, 30, 60]);
});

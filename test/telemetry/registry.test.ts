import { readFileSync } from "node:fs";
import * as stable from "@opentelemetry/semantic-conventions";
import * as incubating from "@opentelemetry/semantic-conventions/incubating";
import { expect, test } from "vitest";
import { ATTRIBUTES, METRICS, SCOPE, SPANS } from "../../src/telemetry/registry.ts";

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

test("every attribute is on some span or metric", () => {
  const used = [...Object.values(SPANS), ...Object.values(METRICS)].flatMap(
    ({ attributes }): readonly string[] => attributes,
  );

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

test("the first metrics are those of the schema", () => {
  const shapes = Object.entries(METRICS).map(([name, { instrument, unit, attributes }]) => [
    name,
    instrument,
    unit,
    ...attributes,
  ]);

  const byCall = ["entra.credential.name", "entra.credential.token.source", "error.type"];
  expect(shapes).toEqual([
    ["entra.credential.token.acquisitions", "ObservableCounter", "{acquisition}", ...byCall],
    ["entra.credential.token.acquisition.duration", "Histogram", "s", ...byCall],
    [
      "entra.credential.token.refresh.duration",
      "Histogram",
      "s",
      "entra.credential.name",
      "entra.credential.refresh.trigger",
      "error.type",
    ],
    [
      "entra.credential.authority.request.duration",
      "Histogram",
      "s",
      "http.request.method",
      "http.response.status_code",
      "server.address",
      "server.port",
      "error.type",
    ],
  ]);
});

test("the buckets of requests are those of the HTTP conventions, those of flights go to a minute", () => {
  const http = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

  expect(METRICS["entra.credential.authority.request.duration"].buckets).toEqual(http);
  expect(METRICS["entra.credential.token.refresh.duration"].buckets).toEqual([...http, 30, 60]);
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ATTRIBUTES } from "../../src/telemetry/attributes.ts";
import { EVENTS } from "../../src/telemetry/events.ts";
import { METRICS } from "../../src/telemetry/metrics.ts";
import { SPANS } from "../../src/telemetry/spans.ts";
import { shortened } from "./support/notation.ts";
import { ABBREVIATIONS, SHORT_NAMES } from "./support/short-names.ts";

// The pages themselves: what stands on one is what a scene tells, or its test fails.
const written = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".test.ts"))
  .flatMap((file) => readFileSync(join(import.meta.dirname, file), "utf8").split("\n"))
  .map((line) => line.trim());

test.each(Object.entries(METRICS))("some scene has a point of %s", (name, { unit }) => {
  expect(written).toContainEqual(expect.stringMatching(starting(`${shortened(name)} ${unit}`)));
});

test.each(Object.entries(SPANS))("some scene has a span %s", (name, { kind }) => {
  expect(written).toContainEqual(
    expect.stringMatching(starting(`${shortened(name)} ${kind}`, "\\d+ ")),
  );
});

const SEVERITIES = Object.entries(EVENTS).flatMap(([name, { severities }]) =>
  severities.map((severity) => [severity, name] as const),
);

test.each(SEVERITIES)("some scene has the event %s %s", (severity, name) => {
  expect(written).toContainEqual(expect.stringMatching(starting(`${severity} ${shortened(name)}`)));
});

const VALUES = Object.entries(ATTRIBUTES).flatMap(([name, definition]) =>
  "values" in definition ? definition.values.map((value) => [name, value] as const) : [],
);

test.each(VALUES)("some scene has the attribute %s=%s", (name, value) => {
  const said = `${new Map(Object.entries(SHORT_NAMES)).get(name)}=${value}`;
  const short = new Map(ABBREVIATIONS).get(said) ?? said;

  expect(written.flatMap((line) => line.split(/[ :`]/))).toContain(short);
});

test("no two attributes have one short name", () => {
  const names = Object.values(SHORT_NAMES);

  expect(new Set(names).size).toBe(names.length);
});

function starting(text: string, before = ""): RegExp {
  return new RegExp(`^${before}${text.replaceAll(/[.{}]/g, "\\$&")} `);
}

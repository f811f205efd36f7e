import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { KINDS } from "../../src/testing/fault-members.ts";
import { parseTimeline } from "../../src/testing/index.ts";

const page = await readFile(new URL("../../docs/drill.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/^\| ([\w-]+) \| `(\{.*?\})`/gm)].map(
  ([, kind, fault = ""]) => ({
    kind,
    fault,
  }),
);

test("the page has an example for each kind of fault", () => {
  expect(examples.map(({ kind }) => kind).sort()).toEqual(Object.keys(KINDS).sort());
});

test.each(examples)("its example of $kind can be played", ({ kind, fault }) => {
  expect(parseTimeline(`{ "faults": [${fault}] }`)).toMatchObject({ faults: [{ kind }] });
});

test("so can its whole timeline", () => {
  const [, timeline = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];

  expect(parseTimeline(timeline).faults).toHaveLength(3);
});

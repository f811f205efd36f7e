import fc from "fast-check";
import { expect, test } from "vitest";
import { readJson, writeJson } from "../../src/domain/json-text.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

// Pieces of JSON in any order: some are JSON, most nearly are.
const pieces = fc
  .array(
    fc.constantFrom(
      ...'{}[],: \t\n\r"\\-+.0123456789eEtrufalsn'.split(""),
      "true",
      "null",
      '"a"',
      "\\u00e9",
      "\\ud800",
      "\u0000",
      "\u007f",
      "\ud800",
      "\u2028",
      "é",
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

test("3.4 exactly what the platform takes for JSON is read", () => {
  fc.assert(
    fc.property(fc.oneof(pieces, fc.json(), fc.string()), (text) => {
      expect("node" in readJson(text)).toBe(isJson(text));
    }),
    { numRuns: 20_000 },
  );
});

test("what is read is written as the same value", () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.constantFrom("as_given" as const, "sorted" as const),
      (text, order) => {
        const reading = readJson(text);

        expect("node" in reading && JSON.parse(writeJson(reading.node, order))).toEqual(
          JSON.parse(text),
        );
      },
    ),
    { numRuns: 2_000 },
  );
});

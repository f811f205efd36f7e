import { describe, expect, test } from "vitest";
import { reachedTooEarly } from "./foreign.ts";
import { clockReaders, defaultExports, grabBags, longFiles } from "./house-rules.ts";
import type { Sources } from "./sources.ts";

function file(path: string, source: string): Sources {
  return new Map([[path, source]]);
}

describe("what the main entry loads too early is reported with the way to it", () => {
  const behindTwoFiles = (source: string) =>
    new Map([
      ["src/index.ts", 'export { a } from "./credential.ts";'],
      ["src/credential.ts", 'import { b } from "./compose.ts";'],
      ["src/compose.ts", source],
    ]);

  test.each([["got"], ["jose"], ["@peculiar/x509"], ["@opentelemetry/sdk-metrics"]])(
    "%s",
    (name) => {
      const sources = behindTwoFiles(`import { a } from "${name}";`);

      expect(reachedTooEarly(sources, "src/index.ts")).toEqual([
        `src/index.ts -> src/credential.ts -> src/compose.ts -> ${name}`,
      ]);
    },
  );

  test("also when only its types are imported", () => {
    const sources = behindTwoFiles('import type { Got } from "got";');

    expect(reachedTooEarly(sources, "src/index.ts")).toHaveLength(1);
  });

  test.each([
    ['const got = await import("got");'],
    ['const later = () => import("./heavy.ts");'],
    ['import { trace } from "@opentelemetry/api";'],
  ])("and %j is not", (source) => {
    const sources = behindTwoFiles(source).set("src/heavy.ts", 'import "jose";');

    expect(reachedTooEarly(sources, "src/index.ts")).toEqual([]);
  });
});

test("a file of 251 lines is reported, one of 250 is not", () => {
  expect(longFiles(file("test/a.test.ts", "\n".repeat(251)))).toEqual([
    "test/a.test.ts has 251 lines, 250 are allowed",
  ]);
  expect(longFiles(file("test/a.test.ts", "\n".repeat(250)))).toEqual([]);
});

test.each([
  ["src/core/a.ts", "const now = Date.now();"],
  ["src/core/a.ts", "const now = options.now ?? Date.now;"],
  ["src/core/a.ts", "const at = new Date();"],
  ["src/adapters/retry-plan.ts", "const chance = Math.random();"],
  ["src/assertions/pem.ts", "const start = performance.now();"],
  ["src/credential.ts", "const start = process.hrtime.bigint();"],
])("a clock that is read out of turn is reported: %s: %s", (path, source) => {
  expect(clockReaders(file(path, source))).toHaveLength(1);
});

test.each([
  ["src/adapters/system-clock.ts", "now: () => Date.now(),"],
  ["src/testing/a.ts", "const now = Date.now();"],
  ["src/core/a.ts", "// Date.now() may jump."],
  ["src/core/a.ts", "const at = new Date(seconds * 1000);"],
])("and a clock in its place is not: %s: %s", (path, source) => {
  expect(clockReaders(file(path, source))).toEqual([]);
});

test.each([
  ["export default function a() {}"],
  ["const a = 1;\nexport default a;"],
  ["const a = 1;\nexport { a as default };"],
])("a default export is reported: %j", (source) => {
  expect(defaultExports(file("src/core/a.ts", source))).toHaveLength(1);
});

test.each([
  ["src/utils.ts"],
  ["src/core/util.ts"],
  ["src/core/helpers.ts"],
  ["test/support/types.ts"],
  ["test/helpers/clock.ts"],
])("a grab-bag is reported: %s", (path) => {
  expect(grabBags(file(path, ""))).toHaveLength(1);
});

test("and a file whose name merely ends so is none", () => {
  expect(grabBags(file("src/domain/token-types.ts", ""))).toEqual([]);
});

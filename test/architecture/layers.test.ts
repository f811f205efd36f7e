import { expect, test } from "vitest";
import { misplacedForeignImports, reachedTooEarly } from "./foreign.ts";
import { clockReaders, defaultExports, grabBags, longFiles } from "./house-rules.ts";
import { arrows } from "./imports.ts";
import { cycles, danglingImports, layerFaults } from "./layers.ts";
import { readSources } from "./sources.ts";

const sources = readSources("src");
const withTests = readSources("src", "test");

test("every import between files is read: each leads to a file that is there", () => {
  expect(arrows(sources).length).toBeGreaterThan(sources.size);
  expect(danglingImports(sources)).toEqual([]);
});

test("layers point one way, and every file belongs to one", () => {
  expect(layerFaults(sources)).toEqual([]);
});

test("no files import each other in a circle, not even types", () => {
  expect(cycles(sources)).toEqual([]);
});

test("each foreign package has its place: adapters hold them, domain, protocol and core hold none", () => {
  expect(misplacedForeignImports(sources)).toEqual([]);
});

test("the main entry does not load got, jose, x509 or an OpenTelemetry SDK", () => {
  expect(reachedTooEarly(sources, "src/index.ts")).toEqual([]);
});

test("no file has more than 250 lines", () => {
  expect(longFiles(withTests)).toEqual([]);
});

test("time and chance come from the clock port", () => {
  expect(clockReaders(sources)).toEqual([]);
});

test("there are no default exports", () => {
  expect(defaultExports(withTests)).toEqual([]);
});

test("no file is a grab-bag", () => {
  expect(grabBags(withTests)).toEqual([]);
});

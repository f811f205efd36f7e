import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PACKAGE_NAME, PACKAGE_VERSION } from "../../src/version.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const manifest = JSON.parse(read("package.json"));

test("the library names itself and its version as its manifest does", () => {
  expect({ name: PACKAGE_NAME, version: PACKAGE_VERSION }).toEqual({
    name: manifest.name,
    version: manifest.version,
  });
});

test("each dependency has its reason in the design document", () => {
  const design = read("docs/design.md");
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });

  expect(names.filter((name) => !design.includes(`| ${name} |`))).toEqual([]);
});

test("the lockfile holds no download addresses", () => {
  expect(read("package-lock.json")).not.toMatch(/"resolved":\s*"https?:/);
});

test("the changelog tells of the current version", () => {
  expect(read("CHANGELOG.md")).toContain(`## ${manifest.version}`);
});

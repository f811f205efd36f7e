import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { identityOf } from "../../src/sdk/service-identity.ts";

const APP = '{ "name": "@company/app", "version": "1.2.3" }';

test("a script is called as the package it belongs to", async () => {
  const folder = await folderWith({ "package.json": APP });

  expect(identityOf(join(folder, "src/main.js"))).toEqual({
    name: "@company/app",
    version: "1.2.3",
  });
});

test("a package may be started by its folder", async () => {
  const folder = await folderWith({ "package.json": '{ "name": "app" }' });

  expect(identityOf(folder)).toEqual({ name: "app" });
});

test.each([
  ["without a name", '{ "type": "module" }'],
  ["with a blank name", '{ "name": " " }'],
  ["with a name longer than a resource attribute may be", `{ "name": "${"x".repeat(256)}" }`],
  ["that is no object", "null"],
  ["that is no JSON", "{"],
])("a package.json %s is passed over", async (_, content) => {
  const folder = await folderWith({ "package.json": APP, "dist/package.json": content });

  expect(identityOf(join(folder, "dist/main.js"))).toMatchObject({ name: "@company/app" });
});

test("a tool inside node_modules runs the application around it", async () => {
  const folder = await folderWith({
    "package.json": APP,
    "node_modules/tool/package.json": '{ "name": "tool" }',
  });

  expect(identityOf(join(folder, "node_modules/tool/bin.js"))).toMatchObject({
    name: "@company/app",
  });
});

test("a tool that is installed by itself is the application", async () => {
  const folder = await folderWith({ "node_modules/tool/package.json": '{ "name": "tool" }' });

  expect(identityOf(join(folder, "node_modules/tool/bin.js"))).toEqual({ name: "tool" });
});

test("without a script there is no name", () => {
  expect(identityOf(undefined)).toEqual({});
});

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "affiant-identity-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { calledForJson } from "../../src/cli/called-as.ts";
import { runChild } from "./child-run.ts";
import { runHere } from "./recorded-run.ts";

const { version, engines } = JSON.parse(
  await readFile(new URL("../../package.json", import.meta.url), "utf8"),
);

test.each([["--version"], ["-v"]])("%s prints the version of the package", async (option) => {
  expect(await runHere([option])).toEqual({
    exitCode: 0,
    stdout: `affiant ${version}\n`,
    stderr: "",
  });
});

test.each([[[]], [["--help"]], [["-h"]], [["help"]]])("%j lists the commands", async (args) => {
  const { exitCode, stdout } = await runHere(args);

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^ {2}demo +\S/m);
});

test("demo --help tells all of its options", async () => {
  const { exitCode, stdout } = await runHere(["demo", "--help"]);

  expect(exitCode).toBe(0);
  for (const option of [
    "--json",
    "--local",
    "--tenant",
    "--client",
    "--token-file",
    "--certificate",
    "--scope",
    "--authority",
    "--ca",
  ]) {
    expect(stdout).toContain(`  ${option} `);
  }
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

describe("a command line that makes no sense ends with code 2 and says why", () => {
  test.each([
    { args: ["dmeo"], says: "unknown command 'dmeo'. Did you mean demo?" },
    { args: ["frobnicate"], says: "unknown command 'frobnicate'.\nSee affiant --help." },
    { args: ["--verzion"], says: "unknown option '--verzion'. Did you mean --version?" },
    { args: ["demo", "--jsn"], says: "unknown option '--jsn'. Did you mean --json?" },
    { args: ["demo", "--frobnicate"], says: "unknown option '--frobnicate'.\nSee affiant demo" },
    { args: ["demo", "--tenant"], says: "option '--tenant <value>' argument missing." },
    { args: ["demo", "--tenant", " "], says: "--tenant needs a value." },
    { args: ["demo", "again"], says: "unexpected argument 'again'." },
    { args: ["demo", "--local", "--scope", "s"], says: "--local and --scope exclude each other." },
    {
      args: ["demo", "--token-file", "t", "--certificate", "c"],
      says: "--token-file and --certificate exclude each other.",
    },
  ])("$args", async ({ args, says }) => {
    const { exitCode, stdout, stderr } = await runHere(args);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(says);
  });
});

test.each([
  { called: "by name", env: {}, hint: "See affiant demo --help." },
  { called: "by npx", env: { npm_lifecycle_event: "npx" }, hint: "See npx affiant demo --help." },
  {
    called: "by npm start",
    env: { npm_lifecycle_event: "start" },
    hint: "See npm start -- --help.",
  },
])("called $called, the hint names what to type", async ({ env, hint }) => {
  const { stderr } = await runHere(["demo", "--jsn"], { env });

  expect(stderr).toContain(hint);
});

test("JSON through npm is asked for without the lines that npm adds", async () => {
  const { stdout } = await runHere(["demo", "--help"]);

  expect(stdout).toContain("npm start --silent -- --json");
  expect(calledForJson({ npm_lifecycle_event: "start" })).toBe("npm start --silent -- --json");
  expect(calledForJson({})).toBe("affiant demo --json");
});

test("an older Node is told what it lacks, and nothing else is loaded", async () => {
  const { exitCode, stdout, stderr } = await runChild(["demo"], { preload: OLDER_NODE });

  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toMatch(/^affiant: Node 22 or newer is needed, and this is Node 20\.20\.2 \(/);
  expect(stderr).toMatch(/\nInstall a newer one.*\n$/);
});

test("the Node that is asked for is the one in package.json", () => {
  expect(engines.node).toBe(">=22");
});

test("the process ends with the code of the command", async () => {
  const { exitCode, stderr } = await runChild(["dmeo"]);

  expect(exitCode).toBe(2);
  expect(stderr).toContain("Did you mean demo?");
});

test.each([
  ["jose", "ERR_MODULE_NOT_FOUND"],
  ["@peculiar/x509", "MODULE_NOT_FOUND"],
])("without %s the demo says what to install", async (name, code) => {
  const { exitCode, stderr } = await runChild(["demo"], { preload: withoutPackage(name, code) });

  expect(exitCode).toBe(1);
  expect(stderr).toContain("npm install jose @peculiar/x509");
});

/** Makes the process say that it is old, and fail as soon as it loads more than its first file. */
const OLDER_NODE = `import { registerHooks } from "node:module";
  Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });
  registerHooks({ resolve(specifier, context, next) {
    if (specifier.startsWith(".")) throw new Error("loads " + specifier);
    return next(specifier, context);
  } });`;

/** Fails as Node does for a package that is not installed. */
function withoutPackage(name: string, code: string): string {
  return `import { registerHooks } from "node:module";
    registerHooks({ resolve(specifier, context, next) {
      if (specifier !== ${JSON.stringify(name)}) return next(specifier, context);
      throw Object.assign(new Error("Cannot find package '" + specifier + "'"), { code: "${code}" });
    } });`;
}

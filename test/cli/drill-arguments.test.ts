import { describe, expect, test } from "vitest";
import { readArguments } from "../../src/cli/drill/arguments.ts";
// Here and not by the first test: all of the library comes along.
import "../../src/cli/drill/command.ts";
import { runHere } from "./recorded-run.ts";

describe("a command line that makes no sense ends with code 2 and says why", () => {
  test.each([
    { args: ["--secnds", "3"], says: "unknown option '--secnds'. Did you mean --seconds?" },
    { args: ["--seconds", "0"], says: "--seconds needs a whole number from 1 to 60, not '0'." },
    { args: ["--seconds", "1.5"], says: "--seconds needs a whole number from 1 to 60, not '1.5'." },
    { args: ["--quick", "--seconds", "3"], says: "--quick and --seconds exclude each other." },
    { args: ["--list", "--compare"], says: "--list and --compare exclude each other." },
    { args: ["--timeline", "f", "cold-crowd"], says: "--timeline takes no names of scenarios." },
    { args: ["cold-crwd"], says: "unknown scenario 'cold-crwd'. Did you mean cold-crowd?" },
    { args: ["--only", "nonsense"], says: "unknown scenario 'nonsense'. --list shows them all." },
    { args: ["--timeline", "/nowhere.json"], says: "--timeline: /nowhere.json cannot be read." },
  ])("drill $args", async ({ args, says }) => {
    const { exitCode, stdout, stderr } = await runHere(["drill", ...args]);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(says);
  });
});

test("scenarios may be named after --only, with commas, and by themselves", () => {
  const { task } = readArguments(["--only", "a,b", "--only", "c", "d"]);

  expect(task).toMatchObject({ kind: "scenarios", only: ["a", "b", "c", "d"] });
});

test("a fault lasts ten seconds, or two when it has to be quick", () => {
  expect(readArguments([]).task).toMatchObject({ seconds: 10 });
  expect(readArguments(["--quick"]).task).toMatchObject({ seconds: 2 });
  expect(readArguments(["--seconds", "30"]).task).toMatchObject({ seconds: 30 });
});

test("--help tells all options, on lines of 80 characters at most", async () => {
  const { exitCode, stdout } = await runHere(["drill", "--help"]);

  expect(exitCode).toBe(0);
  for (const option of ["list", "only", "seconds", "quick", "compare", "timeline", "json"]) {
    expect(stdout).toContain(`  --${option} `);
  }
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("--list names each scenario once, in kebab-case, with a promise of one sentence", async () => {
  const { exitCode, stdout } = await runHere(["drill", "--list", "--json"]);
  const listed: readonly { readonly name: string; readonly promise: string }[] =
    JSON.parse(stdout).scenarios;

  expect(exitCode).toBe(0);
  expect(listed.length).toBeGreaterThanOrEqual(20);
  expect(new Set(listed.map(({ name }) => name)).size).toBe(listed.length);
  expect(listed.filter(({ name }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  expect(listed.filter(({ promise }) => !/^[^.]+[^ ]\.$/.test(promise))).toEqual([]);
});

test("every row of what the incumbent was measured by is among them", async () => {
  const { stdout } = await runHere(["drill", "--list"]);

  for (let row = 1; row <= 11; row += 1) expect(stdout).toContain(`M${row}: `);
});

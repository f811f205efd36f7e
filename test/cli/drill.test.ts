import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runChild } from "./child-run.ts";
import type { Ended } from "./recorded-run.ts";

const LONGEST_MS = 60_000;
const QUICK = ["cold-crowd", "same-claims", "abort-and-timeout"];
const A_JWT = /eyJ[\w-]{20,}\./;

/** Fails as Node does for a package that is not installed. */
const WITHOUT_INCUMBENT = `import { registerHooks } from "node:module";
  registerHooks({ resolve(specifier, context, next) {
    if (specifier !== "@azure/identity") return next(specifier, context);
    throw Object.assign(new Error("Cannot find package '" + specifier + "'"), { code: "ERR_MODULE_NOT_FOUND" });
  } });`;

const TIMELINES = {
  endured: {
    name: "a bad half second",
    faults: [{ atS: 0.5, forS: 0.5, kind: "outage", status: 503 }],
  },
  fatal: { faults: [{ atS: 0, forS: 3, kind: "refusal", error: "invalid_client" }] },
  wrong: { faults: [{ atS: 1, kind: "outrage" }] },
} as const;

let text: Ended;
let json: Ended;
let endured: Ended;
let fatal: Ended;
let wrong: Ended;
let alone: Ended;
let compared: Ended;

// All at once: most of their time is spent waiting.
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "drill-"));
  const play = async (name: keyof typeof TIMELINES, ...options: readonly string[]) => {
    const file = join(folder, `${name}.json`);
    await writeFile(file, JSON.stringify(TIMELINES[name]));
    return runChild(["drill", "--timeline", file, ...options]);
  };
  [text, json, endured, fatal, wrong, alone, compared] = await Promise.all([
    runChild(["drill", ...QUICK]),
    runChild(["drill", "--json", "--only", QUICK.join(",")]),
    play("endured", "--json"),
    play("fatal"),
    play("wrong"),
    runChild(["drill", "--compare", "cold-crowd"], { preload: WITHOUT_INCUMBENT }),
    runChild(["drill", "--json", "--compare", "cold-crowd"]),
  ]);
  await rm(folder, { recursive: true });
}, LONGEST_MS);

describe("three quick scenarios", () => {
  test("pass, and end with code 0", () => {
    expect([text.exitCode, json.exitCode]).toEqual([0, 0]);
    expect(text.stdout).toContain("all of 3 scenarios passed");
  });

  test("each tell what was expected and what was seen", () => {
    expect(text.stdout).toMatch(
      /cold-crowd {2}pass, .*\n.*M1: [\s\S]*✓ requests: 1 \(expected 1\)/,
    );
  });

  test("show their progress on standard error, a line for each beginning and end", () => {
    for (const name of QUICK) {
      expect(text.stderr).toContain(`${name} begins\n`);
      expect(json.stderr).toContain(`${name} is over\n`);
    }
    expect(text.stderr).not.toContain("\u001b");
  });

  test("are one document as JSON, with nothing beside it", () => {
    const { scenarios, ...rest } = JSON.parse(json.stdout);

    expect(rest).toEqual({
      command: "drill",
      ok: true,
      interrupted: false,
      seconds: 10,
      durationMs: expect.any(Number),
    });
    expect(scenarios.map(({ name }: { readonly name: string }) => name).sort()).toEqual(
      QUICK.toSorted(),
    );
  });

  test("have their expectations as data", () => {
    const { scenarios } = JSON.parse(json.stdout);
    const crowd = scenarios.find(({ name }: { readonly name: string }) => name === "cold-crowd");

    expect(crowd).toMatchObject({ ok: true, durationMs: expect.any(Number) });
    expect(crowd.expectations).toContainEqual({
      label: "requests",
      expected: "1",
      seen: "1",
      holds: true,
    });
  });

  test("show no token and no assertion", () => {
    expect(text.stdout + text.stderr + json.stdout + json.stderr).not.toMatch(A_JWT);
  });
});

describe("a timeline of the user's own", () => {
  test("passes when whoever could have a token has one", () => {
    const { timeline, ok, record } = JSON.parse(endured.stdout);

    expect(endured.exitCode).toBe(0);
    expect({ timeline, ok }).toEqual({ timeline: "a bad half second", ok: true });
    expect(record).toMatchObject({ rejected: {}, tokens: expect.any(Number) });
    expect(record.calls).toBeGreaterThan(1_000);
  });

  test("fails with code 1 when nobody ever gets one", () => {
    expect(fatal.exitCode).toBe(1);
    expect(fatal.stdout).toMatch(/rejected +ERR_TOKEN_ENDPOINT [\d,]+\n/);
    expect(fatal.stdout).toContain("✗ tokens: 0, but expected at least 1");
  });

  test("ends with code 2 when it is none", () => {
    expect({ exitCode: wrong.exitCode, stdout: wrong.stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(wrong.stderr).toContain("faults[0].kind is 'outrage'; did you mean 'outage'?");
  });
});

test("without the incumbent's package there is nothing to compare, and that is said", () => {
  expect({ exitCode: alone.exitCode, stdout: alone.stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(alone.stderr).toContain("npm install @azure/identity");
});

test("beside the incumbent each row tells what that did", () => {
  const [crowd] = JSON.parse(compared.stdout).scenarios;

  expect(crowd.expectations).toContainEqual(
    expect.objectContaining({ label: "requests", seen: "1", incumbent: "50" }),
  );
});

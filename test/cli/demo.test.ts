import { beforeAll, describe, expect, test } from "vitest";
import { runChild } from "./child-run.ts";
import type { Ended } from "./recorded-run.ts";

const LONGEST_MS = 20_000;
const A_JWT = /eyJ[\w-]{20,}\./;

let told: Ended;
let json: Ended;
let tookMs: number;

beforeAll(async () => {
  const startedAt = performance.now();
  [told, json] = await Promise.all([runChild(["demo"]), runChild(["demo", "--json"])]);
  tookMs = performance.now() - startedAt;
}, 2 * LONGEST_MS);

test("the demo needs nothing, and all of its story holds", () => {
  expect({ exitCode: told.exitCode, stderr: told.stderr }).toEqual({ exitCode: 0, stderr: "" });
});

test("the demo is over within 20 seconds", () => {
  expect(tookMs).toBeLessThan(LONGEST_MS);
});

test("no claim of the story fails, and each of the eight chapters makes at least one", () => {
  const chapters = told.stdout.split(/^(?=[1-8=] {2}\S)/m).slice(1);

  expect(chapters).toHaveLength(9);
  expect(chapters.filter((chapter) => !chapter.includes("✓"))).toEqual([]);
  expect(told.stdout).not.toContain("✗");
});

test("no token and no assertion is shown, in either format", () => {
  expect(told.stdout).not.toMatch(A_JWT);
  expect(json.stdout).not.toMatch(A_JWT);
});

test("a token is shown as its length alone", () => {
  expect(told.stdout).toMatch(/token +eyJ…\([\d,]+ characters\)/);
});

test("what is no terminal gets no colors", () => {
  expect(told.stdout).not.toContain("\u001b");
});

describe("the closing table", () => {
  test("the requests add up to their total", () => {
    const { rows, total } = tableUnder("Sent");

    expect(total).toBe(rows.reduce((sum, row) => sum + row, 0));
    expect(total).toBeGreaterThan(0);
  });

  test("the calls add up to their total", () => {
    const { rows, total } = tableUnder("Served");

    expect(total).toBe(rows.reduce((sum, row) => sum + row, 0));
    expect(total).toBeGreaterThan(110_000);
  });

  test("more than 110,000 calls take twelve requests", () => {
    expect(tableUnder("Sent").total).toBe(12);
  });
});

describe("as JSON", () => {
  test("the demo prints one object and nothing else", () => {
    expect(JSON.parse(json.stdout)).toMatchObject({ command: "demo", mode: "local", ok: true });
  });

  test("requests agree with assertions, and calls with answers", () => {
    const { sent, served } = JSON.parse(json.stdout).totals;

    expect(sent.assertions).toBe(sent.requests);
    expect(served.cache + served.shared + served.authority + served.refused).toBe(served.calls);
  });

  test("each chapter has its facts by name", () => {
    const { chapters } = JSON.parse(json.stdout);

    expect(chapters[1]).toMatchObject({
      id: "many-callers",
      facts: { served: 10_000, requests: 1 },
    });
  });
});

/** The numbers of one table of the closing chapter. */
function tableUnder(heading: string): { readonly rows: readonly number[]; readonly total: number } {
  const [, table = ""] = told.stdout.split(new RegExp(`^ +${heading} +\\w+$`, "m"));
  const numbers: number[] = [];
  for (const line of table.trim().split("\n")) {
    const [, label = "", number] = /^ *(\S.*?) +([\d,]+)$/.exec(line) ?? [];
    if (number === undefined) break;
    const value = Number(number.replaceAll(",", ""));
    if (label === "total") return { rows: numbers, total: value };
    numbers.push(value);
  }
  throw new Error(`no table under ${heading}`);
}

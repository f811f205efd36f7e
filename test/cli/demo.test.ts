import { beforeAll, describe, expect, test } from "vitest";
import { runChild } from "./child-run.ts";
import type { Ended } from "./recorded-run.ts";

const LONGEST_MS = 20_000;
// A machine behind a proxy that is down, in an environment meant for other credentials.
const MEDDLING = { HTTPS_PROXY: "http://localhost:1", AZURE_IDENTITY_DISABLE_MULTITENANTAUTH: "1" };
const A_JWT = /eyJ[\w-]{20,}\./;

let told: Ended;
let json: Ended;
let tookMs: number;

beforeAll(async () => {
  const startedAt = performance.now();
  [told, json] = await Promise.all([
    runChild(["demo"]),
    runChild(["demo", "--json"], { env: MEDDLING }),
  ]);
  tookMs = performance.now() - startedAt;
}, 2 * LONGEST_MS);

test("the demo needs nothing, and all of its story holds", () => {
  expect({ exitCode: told.exitCode, stderr: told.stderr }).toEqual({ exitCode: 0, stderr: "" });
});

test("the demo is over within 20 seconds", () => {
  expect(tookMs).toBeLessThan(LONGEST_MS);
});

test("no claim of the story fails, and each of the eight chapters makes at least one", () => {
  const chapters = told.stdout.split(/^(?=[1-8─])/m).slice(1);

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

test("no line is wider than 80 characters", () => {
  expect(told.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("what is no terminal gets no colors", () => {
  expect(told.stdout).not.toContain("\u001b");
});

describe("the closing table", () => {
  test("the requests add up to their total", () => {
    const { rows, total: sum } = tableUnder("Sent");

    expect(sum).toBe(total(rows));
    expect(sum).toBeGreaterThan(0);
  });

  test("the calls add up to their total", () => {
    const { rows, total: sum } = tableUnder("Answered");

    expect(sum).toBe(total(rows));
    expect(sum).toBeGreaterThan(110_000);
  });

  test.each([
    { label: "sent", heading: "Sent" },
    { label: "calls", heading: "Answered" },
  ])("what the chapters show as '$label' adds up to the total under $heading", (sum) => {
    const rows = told.stdout.matchAll(new RegExp(`^ +${sum.label} {2,}([\\d,]+)`, "gm"));
    const shown = [...rows].map(([, number = ""]) => Number(number.replaceAll(",", "")));

    expect(shown).toHaveLength(8);
    expect(total(shown)).toBe(tableUnder(sum.heading).total);
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
    const { sent, answered } = JSON.parse(json.stdout).totals;
    const { calls, ...bySource } = answered;

    expect(sent.assertions).toBe(sent.requests);
    expect(total(Object.values<number>(bySource))).toBe(calls);
  });

  test("each chapter has its facts by name", () => {
    const { chapters } = JSON.parse(json.stdout);

    expect(chapters[1]).toMatchObject({
      id: "many-callers",
      facts: { calls: 10_000, requests: 1 },
    });
  });

  test("the calls and requests of the chapters add up to the totals", () => {
    const { chapters, totals } = JSON.parse(json.stdout);
    const facts: readonly Record<string, number>[] = chapters
      .slice(0, 8)
      .map((chapter: { readonly facts: object }) => chapter.facts);

    expect(total(facts.map(({ requests = 0 }) => requests))).toBe(totals.sent.requests);
    expect(total(facts.map(({ calls = 0 }) => calls))).toBe(totals.answered.calls);
  });

  test("every refused call is told with its reason", () => {
    const { answered } = JSON.parse(json.stdout).totals;

    expect(answered).toMatchObject({ refused: 1, remembered: 100, tenantNotAllowed: 1 });
  });

  test("durations have sensible digits", () => {
    const durations = [...json.stdout.matchAll(/"\w+(?:Ms|Ns)": ([\d.]+)/g)];

    expect(durations.length).toBeGreaterThan(5);
    expect(durations.filter(([, number = ""]) => /\.\d{4}/.test(number))).toEqual([]);
  });

  test("a proxy and Azure's variables, which are for the world outside, change nothing", () => {
    expect({ exitCode: json.exitCode, stderr: json.stderr }).toEqual({ exitCode: 0, stderr: "" });
  });
});

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

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

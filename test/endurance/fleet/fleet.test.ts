import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { times } from "../../support/times.ts";
import { evenPerSecond, jitterWindowMs, peakPerSecond, renewalsOf } from "./fleet.ts";
import { plotOf } from "./plot.ts";
import { BIN_MS, THOUSAND } from "./thousand.ts";

const FLEETS = 100;
const MOST_TIMES_EVEN = 3;

/** For each lifetime the peaks of many fleets, in multiples of an even spread. */
const peaks = peaksOf(BIN_MS);

test("the renewals of a thousand processes started in one second peak at less than three times an even spread", () => {
  expect(Math.max(...peaks.flat())).toBeLessThanOrEqual(MOST_TIMES_EVEN);
  expect(peaks).toHaveLength(THOUSAND.renewals);
});

test("the peak falls with each lifetime", () => {
  const means = peaks.map(mean);

  expect(means).toEqual([...means].sort((one, other) => other - one));
  expect(new Set(means).size).toBe(THOUSAND.renewals);
});

test("without jitter they would all return in one second, lifetime after lifetime", () => {
  const together = { ...THOUSAND, rules: { ...THOUSAND.rules, jitter: 0 } };

  const seconds = renewalsOf(together).map(
    (renewals) => Math.max(...renewals) - Math.min(...renewals),
  );

  expect(Math.max(...seconds)).toBeLessThan(1_000);
});

test("docs/fleet.md tells the figures of this simulation", () => {
  const page = readFileSync(new URL("../../../docs/fleet.md", import.meta.url), "utf8");
  const inSeconds = peaksOf(1_000);

  const rows = peaks.map((ofLifetime, index) => {
    const cells = [mean(ofLifetime), Math.max(...ofLifetime), mean(inSeconds[index] ?? [])];
    return `| ${index + 1} | ${cells.map((cell) => cell.toFixed(2)).join(" | ")} |`;
  });

  expect(page).toContain(rows.join("\n"));
  expect(page).toContain(`${jitterWindowMs(THOUSAND) / 1_000} s`);
  expect(page).toContain(`${evenPerSecond(THOUSAND).toFixed(2)} a second`);
});

test("docs/images/fleet-refresh.svg is what this simulation draws", async () => {
  await expect(plotOf(THOUSAND)).toMatchFileSnapshot("../../../docs/images/fleet-refresh.svg");
});

function peaksOf(binMs: number): readonly (readonly number[])[] {
  const fleets = times(FLEETS, (seed) => ({ ...THOUSAND, seed: seed + 1 }));
  const ofFleets = fleets.map((fleet) =>
    renewalsOf(fleet).map((renewals) => peakPerSecond(renewals, binMs) / evenPerSecond(fleet)),
  );
  return times(THOUSAND.renewals, (lifetime) => ofFleets.map((fleet) => fleet[lifetime] ?? 0));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { markdownTable } from "../telemetry-docs/markdown-table.ts";
import { CASES } from "./cases.ts";
import type { Contest, Deed } from "./contest.ts";
import { median } from "./median.ts";

/** The contests of one round, in the order of the cases. */
export type Round = readonly Readonly<Record<Deed, Contest>>[];

/** What each case costs: the median of the rounds, and their range. */
export function costTable(rounds: readonly Round[], machine: string): string {
  const rows = CASES.map(({ name }, index) => [
    name,
    spelled(rounds.map((round) => round[index]?.hit.ratio ?? Number.NaN)),
    spelled(rounds.map((round) => round[index]?.refresh.ratio ?? Number.NaN)),
  ]);
  const offNs = (deed: Deed) =>
    median(rounds.flatMap((round) => round.map((contests) => contests[deed].offNs)));
  const [hit, refresh] = [Math.round(offNs("hit")), Math.round(offNs("refresh") / 1_000)];
  return [
    markdownTable(["setting", "a hit", "a refresh"], rows),
    "",
    `1 is ${hit} ns for a hit and ${refresh} µs for a refresh (${machine}, ${rounds.length} rounds).`,
  ].join("\n");
}

function spelled(ratios: readonly number[]): string {
  const [middle, least, most] = [median(ratios), Math.min(...ratios), Math.max(...ratios)];
  return `${short(middle)} (${short(least)} to ${short(most)})`;
}

function short(ratio: number): string {
  return ratio < 9.95 ? ratio.toFixed(1) : ratio.toFixed(0);
}

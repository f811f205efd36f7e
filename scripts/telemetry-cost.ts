// Measures what telemetry costs, and prints it as the table of docs/telemetry.md:
//   node scripts/telemetry-cost.ts [--rounds 7] [--write]
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { CASES } from "./telemetry-cost/cases.ts";
import { compete } from "./telemetry-cost/contest.ts";
import { costTable, type Round } from "./telemetry-cost/cost-table.ts";
import { withSections } from "./telemetry-docs/sections.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "7" }, write: { type: "boolean", default: false } },
});

const rounds: Round[] = [];
for (let round = 1; round <= Number(values.rounds); round += 1) {
  const contests = [];
  for (const index of CASES.keys()) contests.push(await compete(index));
  rounds.push(contests);
  process.stderr.write(`round ${round} of ${values.rounds}\n`);
}
const table = costTable(rounds, `Node ${process.version}, ${cpus().length} cores`);
process.stdout.write(`${table}\n`);
if (values.write) {
  const file = new URL("../docs/telemetry.md", import.meta.url);
  writeFileSync(file, withSections(readFileSync(file, "utf8"), { costs: table }));
}

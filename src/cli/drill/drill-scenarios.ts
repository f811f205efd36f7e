import { PACKAGE_NAME, PACKAGE_VERSION } from "../../version.ts";
import type { ExitCode } from "../command.ts";
import { Page } from "../page.ts";
import { count, duration } from "../quantity.ts";
import { stopwatch } from "../stopwatch.ts";
import type { Terminal } from "../terminal.ts";
import type { ScenariosTask } from "./arguments.ts";
import { loadIncumbent } from "./incumbent-contender.ts";
import { interruptible } from "./interruption.ts";
import { makeKit } from "./kit.ts";
import { type Outcome, passed } from "./outcome.ts";
import { Progress } from "./progress.ts";
import { outcomeAsJson, printOutcome } from "./report.ts";
import { runScenarios } from "./run-scenarios.ts";
import type { Scenario } from "./scenario.ts";

/** How the scenarios are run and told. */
export interface ScenarioDrill extends Pick<ScenariosTask, "seconds" | "compare"> {
  readonly format: "text" | "json";
  readonly terminal: Terminal;
}

/** Runs scenarios and tells each as soon as it is over. 1 when something was not as expected. */
export async function drillScenarios(
  scenarios: readonly Scenario[],
  { seconds, compare, format, terminal }: ScenarioDrill,
): Promise<ExitCode> {
  const elapsedMs = stopwatch();
  const { write, colors, columns } = terminal;
  const page = new Page({ write: format === "text" ? write : () => {}, colors, columns });
  const incumbent = compare ? await loadIncumbent() : undefined;
  page.title(
    `${PACKAGE_NAME} ${PACKAGE_VERSION}`,
    `the drill: ${count(scenarios.length, "scenario").shown}, ${seconds} s for each fault`,
  );
  // On standard error, so that standard output holds results alone.
  const live = process.stderr.isTTY === true;
  const progress = new Progress({ write: terminal.complain, live, columns });
  const ended = (outcome: Outcome) => {
    progress.clear();
    printOutcome(outcome, page);
  };

  const { outcomes, interrupted } = await interruptible(async (signal) => {
    const kit = await makeKit();
    const run = { kit, seconds, signal, incumbent, progress, ended };
    const outcomes = await runScenarios(scenarios, run).finally(() => progress.stop());
    return { outcomes, interrupted: signal.aborted };
  });
  const durationMs = elapsedMs();
  const ok = !interrupted && outcomes.every(passed);
  if (format === "json") {
    const told = { command: "drill", ok, interrupted, seconds, durationMs: Math.round(durationMs) };
    const document = { ...told, scenarios: outcomes.map(outcomeAsJson) };
    write(`${JSON.stringify(document, undefined, 2)}\n`);
  }
  conclude(outcomes, { page, durationMs, interrupted });
  return ok ? 0 : 1;
}

interface Conclusion {
  readonly page: Page;
  readonly durationMs: number;
  readonly interrupted: boolean;
}

function conclude(
  outcomes: readonly Outcome[],
  { page, durationMs, interrupted }: Conclusion,
): void {
  const took = duration(durationMs).shown;
  const failed = outcomes.filter((outcome) => !passed(outcome));
  page.rule();
  if (interrupted) page.cross(`interrupted after ${took}`);
  for (const { scenario } of failed) page.cross(`${scenario.name} did not pass`);
  if (failed.length === 0 && !interrupted) {
    page.tick(`all of ${count(outcomes.length, "scenario").shown} passed, after ${took}`);
    return;
  }
  page.fact({
    label: "passed",
    shown: `${outcomes.length - failed.length} of ${outcomes.length}, after ${took}`,
  });
}

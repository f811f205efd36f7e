import type { MakeContender } from "./contender.ts";
import type { Expectation } from "./expectation.ts";
import { INCUMBENT } from "./incumbent-contender.ts";
import type { Kit } from "./kit.ts";
import type { ComparedExpectation, Outcome } from "./outcome.ts";
import { ownContender } from "./own-contender.ts";
import { type Played, play } from "./play.ts";
import type { Progress } from "./progress.ts";
import type { Scenario } from "./scenario.ts";

/** What to run, and with what. */
export interface ScenarioRun {
  readonly kit: Kit;
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Plays each scenario again with the incumbent. */
  readonly incumbent: MakeContender | undefined;
  readonly progress: Progress;
  /** Told of each outcome as soon as it is there. */
  readonly ended: (outcome: Outcome) => void;
}

// Beside its faults and twice their time: none takes half as long; one that does has come to a standstill.
const LIMIT_MS = 90_000;
const INCUMBENT_LIMIT_MS = 15_000;
// Its scenarios should end within that limit, recovery included.
const INCUMBENT_SECONDS = 3;
const INCUMBENT_PATIENCE_MS = 5_000;
// Few enough that none of them is late for lack of a processor.
const BESIDE_EACH_OTHER = 4;

/**
 * Runs those that can stand company a few at a time, and then the others one by one. The incumbent
 * comes after all of ours and one by one: what it is busy with would disturb us.
 */
export async function runScenarios(
  scenarios: readonly Scenario[],
  run: ScenarioRun,
): Promise<readonly Outcome[]> {
  const { incumbent, ended } = run;
  const ours = await runOurs(scenarios, { ...run, ended: incumbent ? () => {} : ended });
  if (incumbent === undefined) return ours;

  const outcomes: Outcome[] = [];
  for (const outcome of ours) {
    const both = run.signal.aborted ? outcome : await beside(outcome, { ...run, incumbent });
    outcomes.push(both);
    ended(both);
  }
  return outcomes;
}

async function runOurs(
  scenarios: readonly Scenario[],
  run: ScenarioRun,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const runNext = async (queue: Iterator<Scenario>): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      if (run.signal.aborted) return;
      const outcome = await runOne(next.value, run);
      outcomes.push(outcome);
      run.ended(outcome);
    }
  };
  const sociable = scenarios.filter(({ runs }) => runs === "beside others").values();
  await Promise.all(Array.from({ length: BESIDE_EACH_OTHER }, () => runNext(sociable)));
  await runNext(scenarios.filter(({ runs }) => runs === "alone").values());
  return scenarios.flatMap((each) => outcomes.filter(({ scenario }) => scenario === each));
}

async function runOne(
  scenario: Scenario,
  { kit, seconds, signal, progress }: ScenarioRun,
): Promise<Outcome> {
  progress.began(scenario.name);
  const played = await play(scenario, {
    kit,
    seconds,
    signal,
    made: progress.made,
    patienceMs: LIMIT_MS,
    limitMs: LIMIT_MS + 2 * seconds * 1_000,
    makeContender: ownContender,
  });
  progress.ended(scenario.name);
  return { scenario, ...played };
}

async function beside(
  outcome: Outcome,
  run: ScenarioRun & { readonly incumbent: MakeContender },
): Promise<Outcome> {
  const { kit, seconds, signal, progress, incumbent } = run;
  const { name, notCompared } = outcome.scenario;
  if (notCompared !== undefined) return { ...outcome, incumbentNote: `not run: ${notCompared}` };

  const label = `${name} with ${INCUMBENT}`;
  progress.began(label);
  const played = await play(outcome.scenario, {
    kit,
    seconds: Math.min(seconds, INCUMBENT_SECONDS),
    signal,
    made: progress.made,
    patienceMs: INCUMBENT_PATIENCE_MS,
    limitMs: INCUMBENT_LIMIT_MS,
    makeContender: incumbent,
  });
  progress.ended(label);
  return compared(outcome, played);
}

function compared(outcome: Outcome, theirs: Played): Outcome {
  const expectations = outcome.expectations.map((each) => withIncumbent(each, theirs.expectations));
  const { broken } = theirs;
  return { ...outcome, expectations, ...(broken === undefined ? {} : { incumbentNote: broken }) };
}

function withIncumbent(
  expectation: Expectation,
  theirs: readonly Expectation[],
): ComparedExpectation {
  const { subject, label } = expectation;
  const same = theirs.find((each) => each.subject === subject && each.label === label);
  return same === undefined ? expectation : { ...expectation, incumbent: same.seen };
}

import type { Page } from "../page.ts";
import { duration } from "../quantity.ts";
import { INCUMBENT } from "./incumbent-contender.ts";
import { type ComparedExpectation, type Outcome, passed } from "./outcome.ts";

/** Prints one scenario: its promise, and what was expected and seen. */
export function printOutcome(outcome: Outcome, page: Page): void {
  const { scenario, tookMs, expectations, broken, incumbentNote } = outcome;
  const verdict = passed(outcome) ? "pass" : "FAIL";
  page.heading(`${scenario.name}  ${verdict}, ${duration(tookMs).shown}`);
  page.paragraph(scenario.promise);
  if (scenario.setup !== undefined) page.paragraph(`With ${scenario.setup}.`);
  for (const [subject, those] of Map.groupBy(expectations, (each) => each.subject)) {
    if (subject === undefined) for (const each of those) printExpectation(each, page);
    else printSubject(subject, { those, page });
  }
  if (broken !== undefined) page.cross(`did not come to its end: ${broken}`);
  if (incumbentNote !== undefined) page.fact({ label: INCUMBENT, shown: incumbentNote });
}

/** The outcome for machines. */
export function outcomeAsJson(outcome: Outcome): object {
  const { scenario, tookMs, expectations, broken, incumbentNote } = outcome;
  const { name, promise, setup } = scenario;
  return {
    name,
    promise,
    setup,
    ok: passed(outcome),
    durationMs: Math.round(tookMs),
    broken,
    expectations,
    incumbentNote,
  };
}

/** Prints what was expected and seen. */
export function printExpectation(expectation: ComparedExpectation, page: Page): void {
  const { label, expected, seen, holds, incumbent } = expectation;
  if (holds) page.tick(`${label}: ${seen} (expected ${expected})`);
  else page.cross(`${label}: ${seen}, but expected ${expected}`);
  if (incumbent !== undefined) page.fact({ label: INCUMBENT, shown: incumbent });
}

// What holds of one subject fits into one line; what does not gets one of its own.
function printSubject(
  subject: string,
  { those, page }: { readonly those: readonly ComparedExpectation[]; readonly page: Page },
): void {
  const held = those.filter(({ holds }) => holds);
  if (held.length > 0) {
    page.tick(`${subject}: ${held.map(({ label, seen }) => `${label} ${seen}`).join(", ")}`);
  }
  for (const { label, seen, expected } of those.filter(({ holds }) => !holds)) {
    page.cross(`${subject}: ${label} ${seen}, but expected ${expected}`);
  }
  const theirs = those.filter(({ incumbent }) => incumbent !== undefined);
  if (theirs.length === 0) return;
  const shown = theirs.map(({ label, incumbent }) => `${label} ${incumbent}`).join(", ");
  page.fact({ label: INCUMBENT, shown });
}

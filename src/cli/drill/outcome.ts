import type { Expectation } from "./expectation.ts";
import type { Scenario } from "./scenario.ts";

/** An expectation beside which stands what the incumbent did. */
export interface ComparedExpectation extends Expectation {
  readonly incumbent?: string;
}

/** How a scenario ended. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly tookMs: number;
  readonly expectations: readonly ComparedExpectation[];
  /** Why it did not come to its end. */
  readonly broken?: string;
  /** What became of the incumbent, when it did not come to the end of the scenario or was not run. */
  readonly incumbentNote?: string;
}

/** Whether all that was expected was seen; nothing expected is a failure too. */
export function passed({ broken, expectations }: Outcome): boolean {
  return (
    broken === undefined && expectations.length > 0 && expectations.every(({ holds }) => holds)
  );
}

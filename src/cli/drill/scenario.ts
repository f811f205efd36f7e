import type { Expectation } from "./expectation.ts";
import type { Stage } from "./stage.ts";

/** Something that can happen to a credential, and what then has to be seen. */
export interface Scenario {
  /** In kebab-case. */
  readonly name: string;
  /** What a user may rely on, in one sentence. */
  readonly promise: string;
  /** Options that differ from the defaults, with the reason. */
  readonly setup?: string;
  /** Whether its numbers need the machine for themselves. */
  readonly runs: "alone" | "beside others";
  /** Why the incumbent is not run; without it, it is. */
  readonly notCompared?: string;
  /** Plays it; what is thrown counts as a failure. */
  readonly run: (stage: Stage) => Promise<readonly Expectation[]>;
}

import { CredentialClosedError, CredentialError } from "../domain/errors.ts";
import type { Abandoned, Failed } from "./events.ts";
import type { Observation } from "./ports.ts";

/** Does work of a flight under observation and ends the observation with what became of it. */
export async function observed<T, Outcome>(
  observation: Observation<Outcome | Failed | Abandoned>,
  work: () => Promise<T>,
  success: (value: T) => Outcome,
): Promise<T> {
  try {
    const value = await observation.within(work);
    observation.end(success(value));
    return value;
  } catch (error) {
    observation.end(workOutcomeOf(error));
    throw error;
  }
}

/** The same for the work of a flight: one cut off by `close` has not failed. */
export function workOutcomeOf(error: unknown): Failed | Abandoned {
  return error instanceof CredentialClosedError ? { type: "abandoned" } : outcomeOf(error);
}

/** How an activity ended that threw. What is no error of ours counts as abandoned: a caller's abort, or a fault of this package. */
export function outcomeOf(error: unknown): Failed | Abandoned {
  return error instanceof CredentialError ? { type: "failed", error } : { type: "abandoned" };
}

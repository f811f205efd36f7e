import { CredentialError } from "../domain/errors.ts";
import type { Abandoned, Failed } from "./events.ts";
import type { Observation } from "./ports.ts";

/** Does work under observation and ends the observation with what became of it. */
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
    observation.end(outcomeOf(error));
    throw error;
  }
}

/** How an activity ended that threw. What is no error of ours counts as abandoned: a caller's abort, or a fault of this package. */
export function outcomeOf(error: unknown): Failed | Abandoned {
  return error instanceof CredentialError ? { type: "failed", error } : { type: "abandoned" };
}

import { refuseUnknownOptions } from "../domain/option-checks.ts";
import { BUDGET, BULKHEAD, CIRCUIT, longestWait, numbersOf, RESILIENCE } from "./number-groups.ts";
import type { ResilienceOptions } from "./resilience-options.ts";

/** Durations in milliseconds; an infinite one is none. */
export interface ResolvedResilience {
  readonly deadlineMs: number;
  readonly attemptTimeoutMs: number;
  readonly assertionTimeoutMs: number;
  readonly maxRetries: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly retryBudget:
    | { readonly share: number; readonly floor: number; readonly windowMs: number }
    | false;
  readonly bulkhead: { readonly concurrent: number; readonly queued: number } | false;
  readonly circuitBreaker: { readonly failures: number; readonly openMs: number } | false;
}

const POLICIES = { retryBudget: BUDGET, bulkhead: BULKHEAD, circuitBreaker: CIRCUIT };

/**
 * Checks the options of the policies and fills in the defaults.
 *
 * @throws ConfigurationError naming the option, what it got and what is allowed.
 */
export function resolveResilience(resilience: ResilienceOptions = {}): ResolvedResilience {
  const known = new Set([...Object.keys(RESILIENCE), ...Object.keys(POLICIES)]);
  refuseUnknownOptions("resilience", resilience, known);
  const { circuitBreaker, bulkhead, retryBudget, ...rest } = resilience;
  const numbers = numbersOf("resilience", rest, RESILIENCE);
  return {
    ...numbers,
    maxBackoffMs: longestWait({
      group: "resilience",
      given: resilience,
      numbers,
      first: "backoffMs",
      longest: "maxBackoffMs",
    }),
    retryBudget: retryBudget !== false && numbersOf("resilience.retryBudget", retryBudget, BUDGET),
    bulkhead: bulkhead !== false && numbersOf("resilience.bulkhead", bulkhead, BULKHEAD),
    circuitBreaker:
      circuitBreaker !== false && numbersOf("resilience.circuitBreaker", circuitBreaker, CIRCUIT),
  };
}

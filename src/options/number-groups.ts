import { ConfigurationError } from "../domain/errors.ts";
import { type NumberRule, numberWithin, refuseUnknownOptions } from "../domain/option-checks.ts";
import type { CacheOptions, RefreshOptions } from "./credential-options.ts";
import type {
  BulkheadOptions,
  CircuitBreakerOptions,
  ResilienceOptions,
  RetryBudgetOptions,
} from "./resilience-options.ts";

type Rules<Name extends string> = Readonly<Record<Name, NumberRule>>;

const HOUR_MS = 3_600_000;

export const CACHE: Rules<keyof CacheOptions> = {
  maxEntries: whole(1, 1_000_000, 10_000),
};

export const REFRESH: Rules<keyof Omit<RefreshOptions, "keepWarm">> = {
  windowMs: whole(0, 24 * HOUR_MS, 300_000),
  expiryMarginMs: whole(0, HOUR_MS, 30_000),
  jitter: { min: 0, max: 0.5, fallback: 0.1, whole: false },
  coolDownMs: whole(100, HOUR_MS, 30_000),
  maxCoolDownMs: whole(100, 24 * HOUR_MS, 300_000),
};

export const RESILIENCE: Rules<
  keyof Omit<ResilienceOptions, "circuitBreaker" | "bulkhead" | "retryBudget">
> = {
  deadlineMs: { ...whole(1, HOUR_MS, 30_000), switchable: true },
  attemptTimeoutMs: { ...whole(1, HOUR_MS, 10_000), switchable: true },
  assertionTimeoutMs: { ...whole(1, HOUR_MS, 10_000), switchable: true },
  maxRetries: whole(0, 10, 3),
  backoffMs: whole(1, 60_000, 200),
  maxBackoffMs: whole(1, HOUR_MS, 5_000),
};

export const CIRCUIT: Rules<keyof CircuitBreakerOptions> = {
  failures: whole(1, 1_000, 5),
  openMs: whole(100, HOUR_MS, 10_000),
};

export const BULKHEAD: Rules<keyof BulkheadOptions> = {
  concurrent: whole(1, 10_000, 32),
  queued: whole(0, 1_000_000, 10_000),
};

export const BUDGET: Rules<keyof RetryBudgetOptions> = {
  share: { min: 0, max: 10, fallback: 0.2, whole: false },
  floor: whole(0, 10_000, 3),
  windowMs: whole(1_000, HOUR_MS, 10_000),
};

/**
 * Checks a group of numbers member by member and fills in what is not given.
 *
 * @throws ConfigurationError naming the member, what it got and what is allowed.
 */
export function numbersOf<Name extends string>(
  group: string,
  given: unknown,
  rules: Rules<Name>,
): Readonly<Record<Name, number>> {
  const values = given === undefined ? {} : given;
  refuseUnknownOptions(group, values, new Set(Object.keys(rules)));
  const members = Object.entries<NumberRule>(rules).map(([name, rule]) => [
    name,
    numberWithin(`${group}.${name}`, Reflect.get(values, name), rule),
  ]);
  return Object.fromEntries(members);
}

/** Two members of a group that bound growing waits: the first wait, and the longest. */
export interface Waits<Name extends string> {
  readonly group: string;
  readonly given: object | undefined;
  readonly numbers: Readonly<Record<Name, number>>;
  readonly first: Name;
  readonly longest: Name;
}

/**
 * The longest of growing waits. A default makes room for a first wait that is given.
 *
 * @throws ConfigurationError when both are given and the longest is shorter than the first.
 */
export function longestWait<Name extends string>(waits: Waits<Name>): number {
  const { group, given = {}, numbers, first, longest } = waits;
  const [firstMs, longestMs] = [numbers[first], numbers[longest]];
  if (firstMs <= longestMs || Reflect.get(given, first) === undefined) return longestMs;
  if (Reflect.get(given, longest) === undefined) return firstMs;
  throw new ConfigurationError(
    `${group}.${longest} must be at least ${group}.${first}: ${longestMs} is less than ${firstMs}.`,
  );
}

function whole(min: number, max: number, fallback: number): NumberRule {
  return { min, max, fallback, whole: true };
}

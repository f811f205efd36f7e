import { ConfigurationError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { typeName } from "./type-name.ts";

/**
 * Refuses what is no object; an array is none here.
 *
 * @throws ConfigurationError naming the option.
 */
export function requireObject(option: string, value: unknown): asserts value is object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return;
  throw new ConfigurationError(`${option} must be an object, not ${typeName(value)}.`);
}

/**
 * Refuses what is no options object, and members nobody would read (rule 1.7).
 *
 * @throws ConfigurationError naming the first one and what is known.
 */
export function refuseUnknownOptions(
  owner: string,
  options: unknown,
  known: ReadonlySet<string>,
): asserts options is object {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new ConfigurationError(`${owner} takes an options object, not ${typeName(options)}.`);
  }
  const unknown = Object.keys(options).find((name) => !known.has(name));
  if (unknown === undefined) return;
  const closest = nearest(unknown, known);
  const hint =
    closest === undefined ? `It takes ${[...known].join(", ")}` : `Did you mean ${closest}`;
  const end = closest === undefined ? "." : "?";
  throw new ConfigurationError(`${owner} has no option ${JSON.stringify(unknown)}. ${hint}${end}`);
}

/** What a number may be. */
export interface NumberRule {
  readonly min: number;
  readonly max: number;
  /** Taken when the option is not given. */
  readonly fallback: number;
  readonly whole: boolean;
  /** Whether `false` switches off what the number limits: it is then infinite. */
  readonly switchable?: boolean;
}

/**
 * The number, or the rule's own when none is given.
 *
 * @throws ConfigurationError naming the option, what it got and what is allowed.
 */
export function numberWithin(option: string, value: unknown, rule: NumberRule): number {
  if (value === undefined) return rule.fallback;
  if (value === false && rule.switchable) return Number.POSITIVE_INFINITY;
  const isNumber = typeof value === "number" && (!rule.whole || Number.isInteger(value));
  if (isNumber && value >= rule.min && value <= rule.max) return value;

  const orOff = rule.switchable ? ", or false" : "";
  const wanted = `${rule.whole ? "a whole number" : "a number"} from ${rule.min} to ${rule.max}${orOff}`;
  const got = typeof value === "number" ? String(value) : typeName(value);
  throw new ConfigurationError(`${option} must be ${wanted}, not ${got}.`);
}

/**
 * The boolean, or the fallback when none is given.
 *
 * @throws ConfigurationError naming the option.
 */
export function booleanOr(option: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value === "boolean") return value;
  throw new ConfigurationError(`${option} must be true or false, not ${typeName(value)}.`);
}

/**
 * The value, when it is a text that is not blank. The value itself never shows in the error:
 * it may be a key.
 *
 * @throws ConfigurationError naming the option.
 */
export function requireText(option: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  const what = typeof value === "string" ? "a blank string" : typeName(value);
  throw new ConfigurationError(`${option} must be a string that is not blank, not ${what}.`);
}

/** Returns `value`, or throws a `TypeError` when it is not an object. */
export function checkObject<T>(name: string, value: T): T & object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new TypeError(`${name} must be an object, not ${kindOf(value)}`);
}

/** Throws a `TypeError` when `value` is not an object, or has a member that `known` does not list. */
export function checkMembers(name: string, value: unknown, known: readonly string[]): void {
  const unknown = Object.keys(checkObject(name, value)).find((member) => !known.includes(member));
  if (unknown !== undefined) {
    throw new TypeError(`${name} has no member '${unknown}'; it knows ${known.join(", ")}`);
  }
}

/** Returns `value`, or throws a `TypeError` when it is not a string with something in it. */
export function checkText(name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new TypeError(`${name} must be a non-empty string, not ${kindOf(value)}`);
}

/** Returns `value`, or throws a `TypeError` when it is neither true nor false. */
export function checkFlag(name: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new TypeError(`${name} must be true or false, not ${kindOf(value)}`);
}

/** Returns `value`, or throws a `RangeError` when it is none of `choices`. */
export function checkChoice<T>(name: string, value: T, choices: readonly T[]): T {
  if (choices.includes(value)) return value;
  const known = choices.map((choice) => JSON.stringify(choice)).join(", ");
  const given = ["string", "number"].includes(typeof value) ? JSON.stringify(value) : kindOf(value);
  throw new RangeError(`${name} must be one of ${known}, not ${given}`);
}

/** The inclusive bounds of a number. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Returns `value`, or throws: a `TypeError` when it is no number, a `RangeError` when it is not whole or out of bounds. */
export function checkInteger(name: string, value: unknown, { min, max }: Bounds): number {
  if (typeof value !== "number") {
    throw new TypeError(`${name} must be a number, not ${kindOf(value)}`);
  }
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}

/** Returns `value`, or throws: a `TypeError` when it is no number, a `RangeError` when it is out of bounds. */
export function checkNumber(name: string, value: unknown, { min, max }: Bounds): number {
  if (typeof value !== "number") {
    throw new TypeError(`${name} must be a number, not ${kindOf(value)}`);
  }
  if (value >= min && value <= max) return value;
  throw new RangeError(`${name} must be a number from ${min} to ${max}, not ${value}`);
}

/** Names what kind of thing a wrong value is, without showing it. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === "") return "an empty string";
  return Array.isArray(value) ? "an array" : typeof value;
}

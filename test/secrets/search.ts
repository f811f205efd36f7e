import { inspect } from "node:util";
import { type Canary, formsOf } from "./canaries.ts";

const INSPECTION = {
  depth: Number.POSITIVE_INFINITY,
  showHidden: true,
  getters: true,
  maxArrayLength: null,
  maxStringLength: null,
} as const;

/** Where canaries show in a value, however it is printed; empty when nowhere. */
export function leaksOf(value: unknown, canaries: readonly Canary[]): readonly string[] {
  const printings = printingsOf(value);
  return canaries.flatMap((canary) =>
    Object.entries(printings)
      .filter(([, text]) => formsOf(canary).some((form) => text.includes(form)))
      .map(([printing]) => `${canary.what} in its ${printing}`),
  );
}

function printingsOf(value: unknown): Readonly<Record<string, string>> {
  return {
    inspection: inspect(value, INSPECTION),
    "plain inspection": inspect(value, { ...INSPECTION, customInspect: false }),
    JSON: orNothing(() => JSON.stringify(value)),
    text: orNothing(() => String(value)),
    stack: causesOf(value)
      .map((error) => error.stack)
      .join("\n"),
    "strings and bytes": [...stringsIn(value)].join("\n"),
  };
}

function orNothing(print: () => string | undefined): string {
  try {
    return print() ?? "";
  } catch {
    return "";
  }
}

function causesOf(value: unknown): readonly Error[] {
  const errors: Error[] = [];
  for (let error = value; error instanceof Error && !errors.includes(error); error = error.cause) {
    errors.push(error);
  }
  return errors;
}

/** Every string, name and run of bytes that is reachable by properties, entries and getters. */
function* stringsIn(value: unknown, seen = new Set<unknown>()): Generator<string> {
  if (typeof value === "string") yield value;
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return;
  if (seen.has(value)) return;
  seen.add(value);

  if (ArrayBuffer.isView(value)) yield Buffer.from(value.buffer).toString("latin1");
  if (value instanceof Map || value instanceof Set) {
    for (const entry of value.entries()) yield* stringsIn(entry, seen);
  }
  for (const key of Reflect.ownKeys(value)) {
    yield String(key);
    yield* stringsIn(memberOf(value, key), seen);
  }
}

function memberOf(owner: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(owner, key);
  } catch {
    return undefined;
  }
}

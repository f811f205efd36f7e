import { duration, grouped } from "../quantity.ts";

/** Something a scenario expects, with what was seen. */
export interface Expectation {
  /** Of what it is expected, where a scenario watches several at once. */
  readonly subject?: string;
  readonly label: string;
  readonly expected: string;
  readonly seen: string;
  readonly holds: boolean;
}

/** What a number has to keep to. */
export type Bound =
  | { readonly exactly: number }
  | { readonly atMost: number }
  | { readonly atLeast: number };

/** Expects a number of something. */
export function counted(label: string, given: Bound & { readonly seen: number }): Expectation {
  const { seen } = given;
  return {
    label,
    expected: worded(given, grouped),
    seen: grouped(seen),
    holds: keeps(seen, given),
  };
}

/** Expects a time; all of it in milliseconds. */
export function lasted(label: string, given: Bound & { readonly seenMs: number }): Expectation {
  const { seenMs } = given;
  const shown = (ms: number) => duration(ms).shown;
  return {
    label,
    expected: worded(given, shown),
    seen: shown(seenMs),
    holds: keeps(seenMs, given),
  };
}

/** Expects one word out of all that could have been. */
export function named(
  label: string,
  { expected, seen }: { readonly expected: string; readonly seen: string },
): Expectation {
  return { label, expected, seen, holds: expected === seen };
}

/** Expects all of these of one subject. */
export function of(subject: string, expectations: readonly Expectation[]): readonly Expectation[] {
  return expectations.map((each) => ({ ...each, subject }));
}

function worded(bound: Bound, shown: (value: number) => string): string {
  if ("exactly" in bound) return shown(bound.exactly);
  return "atMost" in bound ? `at most ${shown(bound.atMost)}` : `at least ${shown(bound.atLeast)}`;
}

function keeps(seen: number, bound: Bound): boolean {
  if ("exactly" in bound) return seen === bound.exactly;
  return "atMost" in bound ? seen <= bound.atMost : seen >= bound.atLeast;
}

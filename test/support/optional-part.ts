import { describe, test } from "vitest";
import { allPartsAreRequired } from "./require-all.ts";

/** A real counterpart that not every machine has. */
export interface OptionalPart {
  readonly name: string;
  /** What brings it: a command, and where it works. */
  readonly enabledBy: string;
  /** Whether it is there and works; asked once per file, before its tests are listed. */
  isPresent(): boolean;
}

/**
 * As `describe`, for tests that need a part. Where the part is missing they are skipped under a
 * name that tells how to enable them, or fail, when the run requires all parts.
 */
export function describeWith(part: OptionalPart, name: string, body: () => void): void {
  if (part.isPresent()) {
    describe(name, body);
  } else if (allPartsAreRequired()) {
    describe(name, () => failForWantOf(part));
  } else {
    describe.skip(`${name} (${part.enabledBy})`, body);
  }
}

function failForWantOf({ name, enabledBy }: OptionalPart): void {
  test(`${name} is there`, () => {
    throw new Error(`This run requires all parts, and ${name} is missing: ${enabledBy}`);
  });
}

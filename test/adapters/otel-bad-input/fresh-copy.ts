import { afterEach, beforeEach, expect, vi } from "vitest";
import { turn } from "../../endurance/turn.ts";

/** The package, in a copy that has not warned of anything yet. */
export interface FreshCopy {
  get package(): typeof import("../../../src/index.ts");
}

/**
 * A copy of the package for each test, since it warns of failing telemetry once; and no test may leave
 * a rejection that nobody handles. To be used before a fake clock, which would hold up the import.
 */
export function useFreshCopy(): FreshCopy {
  let copy: FreshCopy["package"] | undefined;
  const unhandled: unknown[] = [];
  const hear = (error: unknown) => void unhandled.push(error);
  beforeEach(async () => {
    vi.resetModules();
    copy = await import("../../../src/index.ts");
    process.on("unhandledRejection", hear);
  });
  afterEach(async () => {
    // A rejection is unhandled when the turn in which it came is over.
    await turn();
    process.off("unhandledRejection", hear);
    expect(unhandled.splice(0)).toEqual([]);
  });
  return {
    get package() {
      if (copy === undefined) throw new Error("no test is running");
      return copy;
    },
  };
}

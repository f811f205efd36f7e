import type { Reporter, TestCase, TestModule } from "vitest/node";
import { allPartsAreRequired } from "./require-all.ts";

/**
 * Ends a run with one plain line of counts, after the names of what was skipped: a skip says why
 * and how to enable it in its own name. In a run that requires all parts a skip is a failure.
 */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const named = (state: string) => tests.filter((test) => test.result().state === state);
    const skipped = named("skipped");
    // A file that could not be run counts as one failure: none of its tests was.
    const broken = modules.filter(
      (module) => module.state() === "failed" && module.errors().length > 0,
    );

    for (const [name, count] of counted(skipped.map(skippedAs))) {
      process.stdout.write(`skipped: ${name}${count === 1 ? "" : `: ${count} tests`}\n`);
    }
    if (skipped.length > 0 && allPartsAreRequired()) {
      process.stdout.write("AFFIANT_REQUIRE_ALL is set: a skipped test is a failure.\n");
      process.exitCode = 1;
    }
    const failed = named("failed").length + broken.length;
    process.stdout.write(
      `${named("passed").length} passed, ${failed} failed, ${skipped.length} skipped\n`,
    );
  }
}

/** The widest group that was skipped as a whole, or the test itself. */
function skippedAs(test: TestCase): string {
  let name = test.fullName;
  for (let at = test.parent; at.type === "suite"; at = at.parent) {
    if (at.state() === "skipped") name = at.fullName;
  }
  return name;
}

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

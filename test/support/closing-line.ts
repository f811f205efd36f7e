import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends a run with one plain line of counts, after the names of the tests that were skipped: a
 * skip says why and how to enable it in its own name. In CI, where every part is present, a skip
 * is a failure.
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

    for (const test of skipped) process.stdout.write(`skipped: ${test.fullName}\n`);
    if (skipped.length > 0 && process.env["CI"]) {
      process.stdout.write("In CI a skipped test is a failure.\n");
      process.exitCode = 1;
    }
    const failed = named("failed").length + broken.length;
    process.stdout.write(
      `${named("passed").length} passed, ${failed} failed, ${skipped.length} skipped\n`,
    );
  }
}

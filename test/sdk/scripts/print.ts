import { writeSync } from "node:fs";

/** Tells the test, at once. */
export function print(line: string): void {
  writeSync(1, `${line}\n`);
}

/** Tells, as its last line, how many milliseconds the process still lived after this moment. */
export function printTheEnd(): void {
  const from = performance.now();
  process.once("exit", () => print(String(performance.now() - from)));
}

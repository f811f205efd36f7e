import { diag } from "@opentelemetry/api";
import { onTestFinished } from "vitest";

/** What is said through `diag` from now to the end of the test, warnings and errors. */
export function heardThroughDiag(): readonly string[] {
  const heard: string[] = [];
  const hear = (...words: readonly unknown[]) => void heard.push(words.join(" "));
  const logger = { error: hear, warn: hear, info() {}, debug() {}, verbose() {} };
  diag.setLogger(logger);
  // That it took the place of another.
  heard.length = 0;
  onTestFinished(() => diag.disable());
  return heard;
}

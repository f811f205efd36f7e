import type { Lines } from "./notation.ts";
import { type Standing, standing } from "./standing.ts";

/**
 * What a scene is to tell, in the notation of notation.ts: a line each, indented as one likes. What is
 * left out is expected to be empty.
 */
export interface Page {
  readonly spans?: string;
  readonly counts?: string;
  /** Word for word, or in short. */
  readonly state?: string | Standing | undefined;
  readonly logs?: string;
  /** The application's own attributes on spans, which no registry knows. */
  readonly own?: readonly string[];
  /** Set where calls have no span to compare their metrics with. */
  readonly callsWithoutSpans?: true;
}

/** The page as what is written of a recording. */
export function linesOf({ spans, counts, state, logs }: Page): Lines {
  return {
    spans: lines(spans),
    counts: lines(counts),
    state: typeof state === "object" ? standing(state) : lines(state),
    logs: lines(logs),
  };
}

function lines(text = ""): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

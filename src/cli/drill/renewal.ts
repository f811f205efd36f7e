import { duration } from "../quantity.ts";
import { stopwatch } from "../stopwatch.ts";
import type { Contender } from "./contender.ts";
import type { Expectation } from "./expectation.ts";
import type { Stage } from "./stage.ts";

/** A token that is to be followed by a new one. */
export interface Renewal {
  readonly contender: Contender;
  readonly scope: string;
  readonly old: string;
  /** Whether a new one came while the fault lasted. */
  readonly hasCome: boolean;
  /** When it has to be there, in milliseconds from now. */
  readonly dueMs: number;
}

// Long enough to tell late from never.
const GRACE_MS = 2_000;
const EVERY_MS = 20;

/** Asks until there is a new token. */
export async function renewed(stage: Stage, renewal: Renewal): Promise<Expectation> {
  const { dueMs, hasCome } = renewal;
  const tookMs = hasCome ? 0 : await msUntilNew(stage, renewal);
  return {
    label: "renewed",
    expected: `at most ${duration(dueMs).shown} after it`,
    seen: hasCome ? "while it lasted" : inWords(tookMs),
    holds: tookMs !== undefined && tookMs <= dueMs,
  };
}

async function msUntilNew(
  stage: Stage,
  { contender, scope, old, dueMs }: Renewal,
): Promise<number | undefined> {
  const elapsedMs = stopwatch();
  while (elapsedMs() < Math.min(dueMs + GRACE_MS, stage.patienceMs)) {
    const token = await contender.getToken(scope).catch(() => undefined);
    if (token !== undefined && token.token !== old) return elapsedMs();
    await stage.pause(EVERY_MS);
  }
  return undefined;
}

function inWords(tookMs: number | undefined): string {
  return tookMs === undefined ? "never" : `${duration(tookMs).shown} after it`;
}

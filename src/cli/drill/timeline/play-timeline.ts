import type { FaultTimeline } from "../../../testing/index.ts";
import { duration, grouped } from "../../quantity.ts";
import { counted, type Expectation } from "../expectation.ts";
import { Lane } from "../lane.ts";
import type { Meter } from "../meter.ts";
import type { Stage } from "../stage.ts";

const SCOPE = "https://vault.azure.net/.default";

// As often as a renewal can bring a token that lasts longer, so that every fault meets some.
const REFRESH_IN_S = 3;
const COOL_DOWN_MS = 1_000;
// What comes after the last fault: time for a renewal.
const AFTERMATH_MS = 3_000;

/** How the options differ from the defaults while a timeline is played, and why. */
export const TIMELINE_SETUP =
  "tokens due for renewal after three seconds and refresh.coolDownMs at 1 s, so that each fault is met";

/** What was counted while a timeline was played. */
export interface TimelineRecord {
  readonly calls: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly waiting: number;
  readonly longestWaitMs: number;
  readonly requests: number;
  readonly tokens: number;
}

/** A timeline that was played. */
export interface PlayedTimeline {
  readonly record: TimelineRecord;
  readonly expectations: readonly Expectation[];
}

/** Plays a timeline from its start, with a credential that has no token yet, under load. */
export async function playTimeline(stage: Stage, timeline: FaultTimeline): Promise<PlayedTimeline> {
  const authority = await stage.authority({ refreshInS: REFRESH_IN_S });
  const options = { refresh: { coolDownMs: COOL_DOWN_MS, maxCoolDownMs: COOL_DOWN_MS } };
  const lane = new Lane(stage.credential(authority, { options }), SCOPE);
  const run = authority.play(timeline);
  try {
    await stage.load([lane], { forMs: lengthMs(timeline) + AFTERMATH_MS });
  } finally {
    run.stop();
  }
  const record = recordOf(lane.meter, authority.requestCount);
  return { record, expectations: expectationsOf(lane.meter) };
}

/** The facts of a record, in words. */
export function recordInWords(record: TimelineRecord): readonly { label: string; shown: string }[] {
  const byCode = Object.entries(record.rejected).map(
    ([code, times]) => `${code} ${grouped(times)}`,
  );
  return [
    { label: "calls", shown: grouped(record.calls) },
    { label: "rejected", shown: byCode.length === 0 ? "none" : byCode.join(", ") },
    { label: "waiting", shown: grouped(record.waiting) },
    { label: "longest wait", shown: duration(record.longestWaitMs).shown },
    { label: "requests", shown: grouped(record.requests) },
    { label: "tokens", shown: grouped(record.tokens) },
  ];
}

/** How long a timeline lasts; a fault without an end as long as one usually does. */
export function lengthMs({ faults }: FaultTimeline): number {
  return 1_000 * Math.max(0, ...faults.map(({ atS, forS = ENDLESS_S }) => atS + forS));
}

const ENDLESS_S = 10;

function recordOf(meter: Meter, requests: number): TimelineRecord {
  return {
    calls: meter.calls,
    rejected: Object.fromEntries(meter.rejected),
    waiting: meter.waited,
    longestWaitMs: Number(meter.longestMs.toFixed(3)),
    requests,
    tokens: meter.tokens,
  };
}

function expectationsOf(meter: Meter): readonly Expectation[] {
  return [
    counted("rejected while there was a token to use", { seen: meter.unserved, exactly: 0 }),
    counted("tokens", { seen: meter.tokens, atLeast: 1 }),
  ];
}

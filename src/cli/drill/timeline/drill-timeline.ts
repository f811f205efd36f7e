import { PACKAGE_NAME, PACKAGE_VERSION } from "../../../version.ts";
import type { ExitCode } from "../../command.ts";
import { Page } from "../../page.ts";
import type { Terminal } from "../../terminal.ts";
import type { TimelineTask } from "../arguments.ts";
import { interruptible } from "../interruption.ts";
import { makeKit } from "../kit.ts";
import { ownContender } from "../own-contender.ts";
import { Progress } from "../progress.ts";
import { printExpectation } from "../report.ts";
import { Stage } from "../stage.ts";
import {
  lengthMs,
  type PlayedTimeline,
  playTimeline,
  recordInWords,
  TIMELINE_SETUP,
} from "./play-timeline.ts";
import { readTimeline } from "./read-timeline.ts";

/** How a timeline is told. */
export interface TimelineDrill {
  readonly format: "text" | "json";
  readonly terminal: Terminal;
}

/**
 * Plays a file of the user's own under load. 1 when a caller was rejected who could have had a token,
 * or nobody ever got one.
 */
export async function drillTimeline(
  { file }: TimelineTask,
  { format, terminal }: TimelineDrill,
): Promise<ExitCode> {
  const { write, complain, colors, columns } = terminal;
  const timeline = await readTimeline(file);
  const kit = await makeKit();
  const { name = file } = timeline;

  const progress = new Progress({ write: complain, live: process.stderr.isTTY === true, columns });
  progress.began(name);
  const played = await interruptible(async (signal) => {
    const { made } = progress;
    const lastsMs = lengthMs(timeline);
    const times = { seconds: lastsMs / 1_000, patienceMs: lastsMs };
    const stage = new Stage({ kit, makeContender: ownContender, ...times, signal, made });
    return playTimeline(stage, timeline).finally(() => stage.close());
  }).finally(() => progress.stop());

  const ok = played.expectations.every(({ holds }) => holds);
  if (format === "json") {
    const document = { command: "drill", ok, timeline: name, ...played };
    write(`${JSON.stringify(document, undefined, 2)}\n`);
  } else print(name, played, new Page({ write, colors, columns }));
  return ok ? 0 : 1;
}

function print(name: string, { record, expectations }: PlayedTimeline, page: Page): void {
  page.title(`${PACKAGE_NAME} ${PACKAGE_VERSION}`, "the drill: a timeline");
  page.heading(name);
  page.paragraph(`With ${TIMELINE_SETUP}.`);
  page.blank();
  for (const fact of recordInWords(record)) page.fact(fact);
  page.blank();
  for (const expectation of expectations) printExpectation(expectation, page);
}

import { setTimeout as pause } from "node:timers/promises";
import { fact } from "../../fact.ts";
import { duration } from "../../quantity.ts";
import { stopwatch } from "../../stopwatch.ts";
import type { Chapter } from "../chapter.ts";
import { countFacts, countsBetween, inWords, isExactly } from "../counts.ts";
import { MANAGEMENT } from "../resources.ts";
import { LATENCY_MS, type Stage } from "../stage.ts";

const CALLERS = 20;
const SLOW_MS = 500;
const EVERY_MS = 10;
const PATIENCE_MS = 5_000;
const HOUR_S = 3_599;

/** A token is renewed while its users go on. */
export const backgroundRefresh: Chapter = {
  id: "background-refresh",
  title: "A refresh behind its users",
  plot:
    "The authority wants this token renewed after a second, and has become slow: " +
    `${SLOW_MS} ms. ${CALLERS} callers go on asking every ${EVERY_MS} ms.`,
  play: async (stage, story) => {
    const { authority, callers } = stage;
    const before = stage.counts();
    authority.adjust({ accessTokenLifetimeS: 60, refreshInS: 1 });
    const first = await callers.ask({ scope: MANAGEMENT });
    authority.adjust({ accessTokenLifetimeS: HOUR_S, refreshInS: null, latencyMs: SLOW_MS });

    const { slowestMs, renewed } = await askUntilRenewed(stage, first.tokens[0]?.token);
    authority.adjust({ latencyMs: LATENCY_MS });
    const counts = countsBetween(before, stage.counts());

    for (const told of countFacts(counts)) story.fact(told);
    story.fact(fact("longestWaitMs", { label: "longest wait", ...duration(slowestMs) }));
    story.check("the new token arrived in time", { holds: renewed });
    story.check("one request for the token and one to renew it", {
      holds: isExactly(counts, 2),
      seen: inWords(counts),
    });
    story.check(`nobody waited for the ${SLOW_MS} ms that the renewal took`, {
      holds: slowestMs < SLOW_MS,
      seen: duration(slowestMs).shown,
    });
  },
};

interface Watch {
  readonly slowestMs: number;
  readonly renewed: boolean;
}

async function askUntilRenewed({ callers }: Stage, old: string | undefined): Promise<Watch> {
  let slowestMs = 0;
  const elapsedMs = stopwatch();
  while (elapsedMs() < PATIENCE_MS) {
    const answers = await callers.ask({ scope: MANAGEMENT, callers: CALLERS });
    slowestMs = Math.max(slowestMs, answers.slowestMs);
    if (answers.tokens.some(({ token }) => token !== old)) {
      return { slowestMs, renewed: true };
    }
    await pause(EVERY_MS);
  }
  return { slowestMs, renewed: false };
}

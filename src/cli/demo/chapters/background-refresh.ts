import { setTimeout as pause } from "node:timers/promises";
import { fact } from "../../fact.ts";
import { count, duration } from "../../quantity.ts";
import { stopwatch } from "../../stopwatch.ts";
import type { Chapter } from "../chapter.ts";
import { MANAGEMENT } from "../resources.ts";
import { inWords, isExactly, sentFact, sentSince } from "../sent.ts";
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
    const before = stage.sent();
    authority.adjust({ accessTokenLifetimeS: 60, refreshInS: 1 });
    const first = await callers.ask({ scope: MANAGEMENT });
    authority.adjust({ accessTokenLifetimeS: HOUR_S, refreshInS: null, latencyMs: SLOW_MS });

    const { calls, slowestMs, renewed } = await askUntilRenewed(stage, first.tokens[0]?.token);
    authority.adjust({ latencyMs: LATENCY_MS });
    const sent = sentSince(before, stage.sent());

    story.fact(fact("calls", { label: "served", ...count(calls, "call") }));
    story.fact(sentFact(sent));
    story.fact(fact("slowestMs", { label: "longest wait", ...duration(slowestMs) }));
    story.check("the new token arrived in time", { holds: renewed });
    story.check("one request for the token and one to renew it", {
      holds: isExactly(sent, 2),
      seen: inWords(sent),
    });
    story.check(`nobody waited for the ${SLOW_MS} ms that the renewal took`, {
      holds: slowestMs < SLOW_MS,
      seen: duration(slowestMs).shown,
    });
  },
};

interface Watch {
  readonly calls: number;
  readonly slowestMs: number;
  readonly renewed: boolean;
}

async function askUntilRenewed({ callers }: Stage, old: string | undefined): Promise<Watch> {
  let calls = 0;
  let slowestMs = 0;
  const elapsedMs = stopwatch();
  while (elapsedMs() < PATIENCE_MS) {
    const answers = await callers.ask({ scope: MANAGEMENT, callers: CALLERS });
    calls += answers.tokens.length;
    slowestMs = Math.max(slowestMs, answers.slowestMs);
    if (answers.tokens.some(({ token }) => token !== old)) {
      return { calls, slowestMs, renewed: true };
    }
    await pause(EVERY_MS);
  }
  return { calls, slowestMs, renewed: false };
}

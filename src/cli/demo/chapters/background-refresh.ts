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

/** A token is renewed while its users go on. */
export const backgroundRefresh: Chapter = {
  id: "background-refresh",
  title: "A refresh behind its users",
  plot:
    "The authority asks to renew this token after a second, and has become slow: " +
    `${SLOW_MS} ms. ${CALLERS} callers go on asking every ${EVERY_MS} ms.`,
  play: async (stage, story) => {
    const { authority, callers } = stage;
    const before = stage.sent();
    authority.adjust({ refreshInS: 1 });
    const first = await callers.ask({ scope: MANAGEMENT });
    authority.adjust({ refreshInS: null, latencyMs: SLOW_MS });

    const { calls, slowestMs, renewed } = await askUntilRenewed(stage, first.tokens[0]?.token);
    authority.adjust({ latencyMs: LATENCY_MS });
    const sent = sentSince(before, stage.sent());

    story.fact(fact("calls", "served", count(calls, "call")));
    story.fact(sentFact(sent));
    story.fact(fact("slowestMs", "longest wait", duration(slowestMs)));
    story.check("the new token arrived in time", renewed);
    story.check("one request for the token and one to renew it", isExactly(sent, 2), inWords(sent));
    story.check(
      `nobody waited for the ${SLOW_MS} ms that the renewal took`,
      slowestMs < SLOW_MS,
      duration(slowestMs).shown,
    );
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

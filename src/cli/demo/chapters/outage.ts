import { setTimeout as pause } from "node:timers/promises";
import { fact } from "../../fact.ts";
import { count, duration } from "../../quantity.ts";
import { stopwatch } from "../../stopwatch.ts";
import type { Chapter } from "../chapter.ts";
import { SERVICE_BUS } from "../resources.ts";
import { inWords, isExactly, sentFact, sentSince } from "../sent.ts";
import type { Stage } from "../stage.ts";

const CALLERS = 20;
const EVERY_MS = 10;
const OUTAGE_MS = 2_500;

// A refresh in the background tries twice, and then leaves the authority alone for half a minute.
const MOST_REQUESTS = 2;

/** The authority fails while the token is still good. */
export const outage: Chapter = {
  id: "outage",
  title: "The authority goes down",
  plot:
    "The token is good for an hour, but due for renewal within a second, and now every request " +
    `is answered with 503. ${CALLERS} callers go on asking every ${EVERY_MS} ms.`,
  play: async (stage, story) => {
    const { authority, callers } = stage;
    authority.adjust({ refreshInS: 1 });
    const [old] = (await callers.ask({ scope: SERVICE_BUS })).tokens;
    authority.adjust({ refreshInS: null });

    authority.respondWith({ status: 503, body: { error: "temporarily_unavailable" } });
    const during = await askThroughout(stage);
    authority.respondNormally();

    story.fact(fact("served", "served", count(during.calls, "call")));
    story.fact(fact("failed", "failed", count(during.failures, "call")));
    story.fact(sentFact(during.sent));
    story.fact(fact("slowestMs", "longest wait", duration(during.slowestMs)));
    story.check(
      "no caller noticed the outage",
      during.failures === 0 && during.calls > 0,
      count(during.failures, "failure").shown,
    );
    story.check(
      "the authority got time to recover",
      [1, MOST_REQUESTS].some((requests) => isExactly(during.sent, requests)),
      inWords(during.sent),
    );

    const after = await callers.ask({ scope: SERVICE_BUS, options: { forceRefresh: true } });
    const isNew = after.tokens.some(({ token }) => token !== old?.token);
    story.check("afterwards a forced refresh brings a new token", isNew);
  },
};

async function askThroughout(stage: Stage) {
  const before = stage.sent();
  let calls = 0;
  let failures = 0;
  let slowestMs = 0;
  const elapsedMs = stopwatch();
  while (elapsedMs() < OUTAGE_MS) {
    const answers = await stage.callers.ask({ scope: SERVICE_BUS, callers: CALLERS });
    calls += answers.tokens.length;
    failures += answers.errors.length;
    slowestMs = Math.max(slowestMs, answers.slowestMs);
    await pause(EVERY_MS);
  }
  return { calls, failures, slowestMs, sent: sentSince(before, stage.sent()) };
}

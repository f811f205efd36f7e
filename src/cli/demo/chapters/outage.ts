import { setTimeout as pause } from "node:timers/promises";
import { fact } from "../../fact.ts";
import { count, duration } from "../../quantity.ts";
import { stopwatch } from "../../stopwatch.ts";
import type { Chapter } from "../chapter.ts";
import { countFacts, countsBetween, inWords, isExactly, partFact } from "../counts.ts";
import { SERVICE_BUS } from "../resources.ts";
import type { Stage } from "../stage.ts";

const CALLERS = 20;
const EVERY_MS = 10;
const PATIENCE_MS = 6_000;
const PEACE_MS = 300;

// A refresh in the background tries twice, and then leaves the authority alone for half a minute.
const ATTEMPTS = 2;

/** The authority fails while the token is still good. */
export const outage: Chapter = {
  id: "outage",
  title: "The authority goes down",
  plot:
    "The token is good for an hour but due for renewal in a second, and from now on every request " +
    `gets a 503. ${CALLERS} callers go on asking every ${EVERY_MS} ms.`,
  play: async (stage, story) => {
    const { authority, callers } = stage;
    const start = stage.counts();
    authority.adjust({ refreshInS: 1 });
    const [old] = (await callers.ask({ scope: SERVICE_BUS })).tokens;
    authority.adjust({ refreshInS: null });
    const atOutage = stage.counts();

    authority.respondWith({ status: 503, body: { error: "temporarily_unavailable" } });
    const during = await askThroughout(stage);
    authority.respondNormally();
    const afterOutage = stage.counts();
    const after = await callers.ask({ scope: SERVICE_BUS, options: { forceRefresh: true } });
    const end = stage.counts();

    const first = countsBetween(start, atOutage);
    const inOutage = countsBetween(atOutage, afterOutage);
    const last = countsBetween(afterOutage, end);
    story.fact(partFact({ name: "firstTokenRequests", label: "first token" }, first));
    story.fact(partFact({ name: "outageRequests", label: "the outage" }, inOutage));
    story.fact(fact("failed", { label: "failed", ...count(during.failures, "call") }));
    story.fact(fact("longestWaitMs", { label: "longest wait", ...duration(during.slowestMs) }));
    story.fact(partFact({ name: "forcedRequests", label: "forced refresh" }, last));
    for (const told of countFacts(countsBetween(start, end))) story.fact(told);
    story.check("no caller noticed the outage", {
      holds: during.failures === 0 && inOutage.calls > 0,
      seen: count(during.failures, "failure").shown,
    });
    story.check("two attempts, and then the authority got time to recover", {
      holds: isExactly(inOutage, ATTEMPTS),
      seen: inWords(inOutage),
    });
    const isNew = after.tokens.some(({ token }) => token !== old?.token);
    story.check("afterwards a forced refresh brings a new token", { holds: isNew });
  },
};

interface Experience {
  readonly failures: number;
  readonly slowestMs: number;
}

// Until the attempts have been made, and long enough beyond for another to show.
async function askThroughout(stage: Stage): Promise<Experience> {
  const before = stage.counts();
  let failures = 0;
  let slowestMs = 0;
  let endsAtMs = PATIENCE_MS;
  const elapsedMs = stopwatch();
  while (elapsedMs() < endsAtMs) {
    const answers = await stage.callers.ask({ scope: SERVICE_BUS, callers: CALLERS });
    failures += answers.errors.length;
    slowestMs = Math.max(slowestMs, answers.slowestMs);
    const { requests } = countsBetween(before, stage.counts());
    if (requests >= ATTEMPTS) endsAtMs = Math.min(endsAtMs, elapsedMs() + PEACE_MS);
    await pause(EVERY_MS);
  }
  return { failures, slowestMs };
}

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
    authority.adjust({ refreshInS: 1 });
    const [old] = (await callers.ask({ scope: SERVICE_BUS })).tokens;
    authority.adjust({ refreshInS: null });

    authority.respondWith({ status: 503, body: { error: "temporarily_unavailable" } });
    const during = await askThroughout(stage);
    authority.respondNormally();

    story.fact(fact("served", { label: "served", ...count(during.calls, "call") }));
    story.fact(fact("failed", { label: "failed", ...count(during.failures, "call") }));
    story.fact(sentFact(during.sent));
    story.fact(fact("slowestMs", { label: "longest wait", ...duration(during.slowestMs) }));
    story.check("no caller noticed the outage", {
      holds: during.failures === 0 && during.calls > 0,
      seen: count(during.failures, "failure").shown,
    });
    story.check("two attempts, and then the authority got time to recover", {
      holds: isExactly(during.sent, ATTEMPTS),
      seen: inWords(during.sent),
    });

    const after = await callers.ask({ scope: SERVICE_BUS, options: { forceRefresh: true } });
    const isNew = after.tokens.some(({ token }) => token !== old?.token);
    story.check("afterwards a forced refresh brings a new token", { holds: isNew });
  },
};

// Until the attempts have been made, and long enough beyond for another to show.
async function askThroughout(stage: Stage) {
  const before = stage.sent();
  let calls = 0;
  let failures = 0;
  let slowestMs = 0;
  let endsAtMs = PATIENCE_MS;
  const elapsedMs = stopwatch();
  while (elapsedMs() < endsAtMs) {
    const answers = await stage.callers.ask({ scope: SERVICE_BUS, callers: CALLERS });
    calls += answers.tokens.length;
    failures += answers.errors.length;
    slowestMs = Math.max(slowestMs, answers.slowestMs);
    const { requests } = sentSince(before, stage.sent());
    if (requests >= ATTEMPTS) endsAtMs = Math.min(endsAtMs, elapsedMs() + PEACE_MS);
    await pause(EVERY_MS);
  }
  return { calls, failures, slowestMs, sent: sentSince(before, stage.sent()) };
}

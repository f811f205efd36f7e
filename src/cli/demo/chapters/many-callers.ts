import { fact } from "../../fact.ts";
import { count, duration, grouped } from "../../quantity.ts";
import type { Chapter } from "../chapter.ts";
import { STORAGE } from "../resources.ts";
import { inWords, isExactly, sentFact, sentSince } from "../sent.ts";
import { LATENCY_MS } from "../stage.ts";

const CALLERS = 10_000;

/** A crowd wants the same new token. */
export const manyCallers: Chapter = {
  id: "many-callers",
  title: `${grouped(CALLERS)} callers at once`,
  plot:
    "There is no token for storage yet, and all of them ask in the same moment. " +
    `The authority takes ${LATENCY_MS} ms to answer.`,
  play: async (stage, story) => {
    const before = stage.sent();

    const { tokens, slowestMs } = await stage.callers.ask({ scope: STORAGE, callers: CALLERS });
    const sent = sentSince(before, stage.sent());
    const different = new Set(tokens.map(({ token }) => token)).size;

    story.fact(fact("served", { label: "served", ...count(tokens.length, "caller") }));
    story.fact(sentFact(sent));
    story.fact(fact("waitedMs", { label: "all done after", ...duration(slowestMs) }));
    story.check("everybody shares one request and one token", {
      holds: isExactly(sent, 1) && tokens.length === CALLERS && different === 1,
      seen: `${inWords(sent)}, ${count(tokens.length, "caller").shown} served`,
    });
  },
};

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
    `Nobody has a token for storage yet, and all ask in the same moment. ` +
    `The authority takes ${LATENCY_MS} ms to answer.`,
  play: async (stage, story) => {
    const before = stage.sent();

    const { tokens, slowestMs } = await stage.callers.ask({ scope: STORAGE, callers: CALLERS });
    const sent = sentSince(before, stage.sent());
    const different = new Set(tokens.map(({ token }) => token)).size;

    story.fact(fact("served", "served", count(tokens.length, "caller")));
    story.fact(sentFact(sent));
    story.fact(fact("waitedMs", "all done after", duration(slowestMs)));
    story.check(
      "everybody shares one request and one token",
      isExactly(sent, 1) && tokens.length === CALLERS && different === 1,
      `${inWords(sent)}, ${count(tokens.length, "caller").shown} served`,
    );
  },
};

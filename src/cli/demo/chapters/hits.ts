import { fact } from "../../fact.ts";
import { count, duration, grouped } from "../../quantity.ts";
import type { Chapter } from "../chapter.ts";
import { VAULT } from "../resources.ts";
import { inWords, isExactly, sentFact, sentSince } from "../sent.ts";

const CALLS = 100_000;

/** The token is there already. */
export const hits: Chapter = {
  id: "hits",
  title: `${grouped(CALLS)} calls, one after the other`,
  plot: "The first token is still good. One caller awaits it again and again.",
  play: async (stage, story) => {
    const before = stage.sent();

    const tookMs = await stage.callers.timeHits(VAULT, CALLS);
    const sent = sentSince(before, stage.sent());

    story.fact(fact("calls", { label: "served", ...count(CALLS, "call") }));
    story.fact(sentFact(sent));
    if (tookMs !== undefined) {
      const perCall = duration(tookMs / CALLS);
      story.fact(fact("tookMs", { label: "took", ...duration(tookMs) }));
      story.fact(
        fact("perCallMs", {
          label: "cost of a call",
          ...perCall,
          shown: `${perCall.shown} on this machine`,
        }),
      );
    }
    story.check("every call got the same token from the cache", { holds: tookMs !== undefined });
    story.check("a hit sends nothing and signs nothing", {
      holds: isExactly(sent, 0),
      seen: inWords(sent),
    });
  },
};

import { fact } from "../../fact.ts";
import { duration, grouped, shortDuration } from "../../quantity.ts";
import type { Chapter } from "../chapter.ts";
import { countFacts, countsBetween, inWords, isExactly } from "../counts.ts";
import { VAULT } from "../resources.ts";

const CALLS = 100_000;

/** The token is there already. */
export const hits: Chapter = {
  id: "hits",
  title: `${grouped(CALLS)} calls, one after the other`,
  plot: "The first token is still good. One caller awaits it again and again.",
  play: async (stage, story) => {
    const before = stage.counts();

    const tookMs = await stage.callers.timeHits(VAULT, CALLS);
    const counts = countsBetween(before, stage.counts());

    for (const told of countFacts(counts)) story.fact(told);
    if (tookMs !== undefined) {
      const perCall = shortDuration(tookMs / CALLS);
      const shown = `${perCall.shown} on this machine`;
      story.fact(fact("tookMs", { label: "took", ...duration(tookMs) }));
      story.fact(fact("perCallNs", { label: "cost of a call", ...perCall, shown }));
    }
    story.check("every call got the same token from the cache", { holds: tookMs !== undefined });
    story.check("a hit sends nothing and signs nothing", {
      holds: isExactly(counts, 0),
      seen: inWords(counts),
    });
  },
};

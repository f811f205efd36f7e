import { fact } from "../../fact.ts";
import { count, duration, grouped } from "../../quantity.ts";
import type { Chapter } from "../chapter.ts";
import { countFacts, countsBetween, inWords, isExactly } from "../counts.ts";
import { STORAGE } from "../resources.ts";
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
    const before = stage.counts();

    const { tokens, slowestMs } = await stage.callers.ask({ scope: STORAGE, callers: CALLERS });
    const counts = countsBetween(before, stage.counts());
    const different = new Set(tokens.map(({ token }) => token)).size;

    for (const told of countFacts(counts)) story.fact(told);
    const waited = duration(slowestMs);
    const shown = `${waited.shown}, of which the authority took ${LATENCY_MS} ms`;
    story.fact(fact("longestWaitMs", { label: "all done after", ...waited, shown }));
    story.check("everybody shares one request and one token", {
      holds: isExactly(counts, 1) && tokens.length === CALLERS && different === 1,
      seen: `${inWords(counts)}, ${count(tokens.length, "caller").shown} served`,
    });
  },
};

import { fact } from "../../fact.ts";
import { duration, text } from "../../quantity.ts";
import { redacted } from "../../redacted.ts";
import { publicClaims } from "../../token-claims.ts";
import type { Chapter } from "../chapter.ts";
import { VAULT } from "../resources.ts";
import { inWords, isExactly, sentFact, sentSince } from "../sent.ts";
import { CLIENT, LATENCY_MS } from "../stage.ts";

/** An assertion is traded for a token. */
export const firstToken: Chapter = {
  id: "first-token",
  title: "A first token",
  plot: "The app signs an assertion with its certificate, and gets a token for it.",
  play: async (stage, story) => {
    const before = stage.sent();

    const { tokens, slowestMs } = await stage.callers.ask({ scope: VAULT });
    const [answer] = tokens;
    const token = answer?.token ?? "";
    const claims = publicClaims(token, Date.now()).filter(({ name }) => name !== "roles");
    const sent = sentSince(before, stage.sent());

    story.fact(fact("token", { label: "token", ...text(redacted(token)) }));
    for (const claim of claims) story.fact(claim);
    story.fact(sentFact(sent));
    const waited = duration(slowestMs);
    const shown = `${waited.shown}, of which the authority took ${LATENCY_MS} ms`;
    story.fact(fact("waitedMs", { label: "waited", ...waited, shown }));
    const isOurs = claims.some(({ name, value }) => name === "appid" && value === CLIENT);
    story.check("the token is for the app that asked", { holds: isOurs });
    story.check("one request with one assertion", {
      holds: isExactly(sent, 1),
      seen: inWords(sent),
    });
  },
};

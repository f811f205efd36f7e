import { fact } from "../../fact.ts";
import { duration, text } from "../../quantity.ts";
import { redacted } from "../../redacted.ts";
import { publicClaims } from "../../token-claims.ts";
import type { Chapter } from "../chapter.ts";
import { VAULT } from "../resources.ts";
import { inWords, isExactly, sentFact, sentSince } from "../sent.ts";
import { CLIENT } from "../stage.ts";

/** An assertion is traded for a token. */
export const firstToken: Chapter = {
  id: "first-token",
  title: "A first token",
  plot: "The app's certificate signs an assertion; the authority checks it and issues a token.",
  play: async (stage, story) => {
    const before = stage.sent();

    const { tokens, slowestMs } = await stage.callers.ask({ scope: VAULT });
    const [answer] = tokens;
    const token = answer?.token ?? "";
    const claims = publicClaims(token, Date.now());
    const sent = sentSince(before, stage.sent());

    story.fact(fact("token", "token", text(redacted(token))));
    for (const claim of claims) story.fact(claim);
    story.fact(sentFact(sent));
    story.fact(fact("waitedMs", "waited", duration(slowestMs)));
    const isOurs = claims.some(({ name, value }) => name === "appid" && value === CLIENT);
    story.check("the token is for the app that asked", isOurs);
    story.check("one request with one assertion", isExactly(sent, 1), inWords(sent));
  },
};

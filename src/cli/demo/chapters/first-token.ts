import { errorFacts } from "../../error-facts.ts";
import { fact } from "../../fact.ts";
import { duration, text } from "../../quantity.ts";
import { redacted } from "../../redacted.ts";
import { publicClaims } from "../../token-claims.ts";
import type { Answers } from "../callers.ts";
import type { Chapter } from "../chapter.ts";
import { countFacts, countsBetween, inWords, isExactly } from "../counts.ts";
import { VAULT } from "../resources.ts";
import { CLIENT, LATENCY_MS } from "../stage.ts";
import type { Story } from "../story.ts";

/** An assertion is traded for a token. */
export const firstToken: Chapter = {
  id: "first-token",
  title: "A first token",
  plot: "The app signs an assertion with its certificate, and gets a token for it.",
  play: async (stage, story) => {
    const before = stage.counts();

    const answers = await stage.callers.ask({ scope: VAULT });
    const [answer] = answers.tokens;
    if (answer === undefined) return endWithout(answers, story);
    const claims = publicClaims(answer.token, Date.now()).filter(({ name }) => name !== "roles");
    const counts = countsBetween(before, stage.counts());

    story.fact(fact("token", { label: "token", ...text(redacted(answer.token)) }));
    for (const claim of claims) story.fact(claim);
    for (const told of countFacts(counts)) story.fact(told);
    const waited = duration(answers.slowestMs);
    const shown =
      `${waited.shown}, of which the authority took ${LATENCY_MS} ms; ` +
      "the rest: loading the HTTP client and the first connection";
    story.fact(fact("longestWaitMs", { label: "waited", ...waited, shown }));
    const isOurs = claims.some(({ name, value }) => name === "appid" && value === CLIENT);
    story.check("the token is for the app that asked", { holds: isOurs });
    story.check("one request with one assertion", {
      holds: isExactly(counts, 1),
      seen: inWords(counts),
    });
  },
};

// All that follows is about tokens.
function endWithout({ errors: [error], slowestMs }: Answers, story: Story): void {
  for (const told of errorFacts(error, { tookMs: slowestMs })) story.fact(told);
  story.check("the authority of the demo issues a first token", { holds: false });
  story.end("Without a first token there is no more to tell.");
}

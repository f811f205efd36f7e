import { CredentialError, TokenEndpointError } from "../../../index.ts";
import { errorFacts } from "../../error-facts.ts";
import { fact } from "../../fact.ts";
import { count } from "../../quantity.ts";
import type { Chapter } from "../chapter.ts";
import { VAULT } from "../resources.ts";
import { inWords, isExactly, sentFact, sentSince } from "../sent.ts";

const UNREGISTERED_KEY = 700027;
const CALLERS = 100;

/** An assertion that the authority cannot accept. */
export const wrongKey: Chapter = {
  id: "wrong-key",
  title: "A wrong key",
  plot:
    "A second credential signs with a certificate that was never registered. " +
    `One caller asks it for a token, and then ${CALLERS} more do.`,
  play: async (stage, story) => {
    const before = stage.sent();

    const first = await stage.strangers.ask({ scope: VAULT });
    const crowd = await stage.strangers.ask({ scope: VAULT, callers: CALLERS });
    const sent = sentSince(before, stage.sent());

    const [error] = first.errors;
    for (const told of errorFacts(error)) story.fact(told);
    story.fact(fact("refused", { label: "refused", ...count(crowd.errors.length + 1, "call") }));
    story.fact(sentFact(sent));
    story.check(`the authority's reason arrives: AADSTS${UNREGISTERED_KEY}`, {
      holds: error instanceof TokenEndpointError && error.entraCode === UNREGISTERED_KEY,
      seen: String(error),
    });
    story.check("what cannot heal by itself is not asked again and again", {
      holds: isExactly(sent, 1) && crowd.errors.filter(isRemembered).length === CALLERS,
      seen: inWords(sent),
    });
  },
};

function isRemembered(error: unknown): boolean {
  return error instanceof CredentialError && error.remembered;
}

import { CredentialError, TokenEndpointError } from "../../../index.ts";
import { errorFacts } from "../../error-facts.ts";
import type { Chapter } from "../chapter.ts";
import { countFacts, countsBetween, inWords, isExactly, partFact } from "../counts.ts";
import { VAULT } from "../resources.ts";

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
    const before = stage.counts();

    const first = await stage.strangers.ask({ scope: VAULT });
    const between = stage.counts();
    const crowd = await stage.strangers.ask({ scope: VAULT, callers: CALLERS });
    const end = stage.counts();

    const [error] = first.errors;
    for (const told of errorFacts(error, { tookMs: first.slowestMs })) story.fact(told);
    const asked = countsBetween(before, between);
    const remembered = countsBetween(between, end);
    const whole = countsBetween(before, end);
    story.fact(partFact({ name: "askedRequests", label: "asked" }, asked));
    story.fact(partFact({ name: "rememberedRequests", label: "remembered" }, remembered));
    for (const told of countFacts(whole)) story.fact(told);
    story.check(`the authority's reason arrives: AADSTS${UNREGISTERED_KEY}`, {
      holds: error instanceof TokenEndpointError && error.entraCode === UNREGISTERED_KEY,
      seen: String(error),
    });
    story.check("what cannot heal by itself is not asked again and again", {
      holds: isExactly(whole, 1) && crowd.errors.filter(isRemembered).length === CALLERS,
      seen: inWords(whole),
    });
  },
};

function isRemembered(error: unknown): boolean {
  return error instanceof CredentialError && error.remembered;
}

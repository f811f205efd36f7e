import { parseClaimsChallenge } from "../../../index.ts";
import { fact } from "../../fact.ts";
import { duration } from "../../quantity.ts";
import type { Answers } from "../callers.ts";
import type { Chapter } from "../chapter.ts";
import { countFacts, countsBetween, inWords, isExactly, partFact } from "../counts.ts";
import { GRAPH } from "../resources.ts";

const CALLERS = 20;

const WANTED = '{"access_token":{"nbf":{"essential":true,"value":"1767225600"}}}';

// As Microsoft Graph answers a token that was issued before, say, a user's password was changed.
const HEADER =
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", ' +
  `error="insufficient_claims", claims="${Buffer.from(WANTED).toString("base64")}"`;

/** A resource wants more than the token says. */
export const claimsChallenge: Chapter = {
  id: "claims-challenge",
  title: "A claims challenge",
  plot:
    "Graph no longer takes the token: 401, with a WWW-Authenticate header that says which claims " +
    `it wants. The challenge hits ${CALLERS} callers at once.`,
  play: async (stage, story) => {
    const start = stage.counts();
    await ask({ callers: 1 });
    const atChallenge = stage.counts();

    const challenge = parseClaimsChallenge(HEADER);
    const claims = challenge.kind === "claims" ? challenge.claims : "";
    const burst = await ask({ callers: CALLERS, claims });
    const afterBurst = stage.counts();
    const later = await ask({ callers: 1 });
    const end = stage.counts();

    const atBurst = countsBetween(atChallenge, afterBurst);
    const atEnd = countsBetween(afterBurst, end);
    const first = countsBetween(start, atChallenge);
    story.fact(partFact({ name: "firstTokenRequests", label: "first token" }, first));
    story.fact(fact("claims", { label: "claims wanted", value: claims, shown: spaced(claims) }));
    story.fact(partFact({ name: "challengeRequests", label: "the challenge" }, atBurst));
    story.fact(fact("longestWaitMs", { label: "all done after", ...duration(burst.slowestMs) }));
    story.fact(partFact({ name: "laterRequests", label: "who asks later" }, atEnd));
    for (const told of countFacts(countsBetween(start, end))) story.fact(told);
    story.check("the burst shares one request", {
      holds: isExactly(atBurst, 1),
      seen: inWords(atBurst),
    });
    const isNew = later.tokens[0]?.token === burst.tokens[0]?.token;
    story.check("who asks later, without claims, gets the new token too", {
      holds: isNew && isExactly(atEnd, 0),
      seen: inWords(atEnd),
    });

    function ask({ callers, claims: wanted }: Asking): Promise<Answers> {
      const options = { enableCae: true, ...(wanted === undefined ? {} : { claims: wanted }) };
      return stage.callers.ask({ scope: GRAPH, options, callers });
    }
  },
};

interface Asking {
  readonly callers: number;
  readonly claims?: string;
}

// With blanks, where the line may be broken.
function spaced(json: string): string {
  return JSON.stringify(JSON.parse(json), undefined, 1).replace(/\n\s*/g, " ");
}

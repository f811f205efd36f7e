import { parseClaimsChallenge } from "../../../index.ts";
import { fact } from "../../fact.ts";
import { count, duration, text } from "../../quantity.ts";
import type { Chapter } from "../chapter.ts";
import { GRAPH } from "../resources.ts";
import { inWords, isExactly, sentFact, sentSince } from "../sent.ts";

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
    const { callers } = stage;
    const options = { enableCae: true };
    await callers.ask({ scope: GRAPH, options });
    const before = stage.sent();

    const challenge = parseClaimsChallenge(HEADER);
    const claims = challenge.kind === "claims" ? challenge.claims : "";
    const burst = await callers.ask({
      scope: GRAPH,
      options: { ...options, claims },
      callers: CALLERS,
    });
    const sent = sentSince(before, stage.sent());
    const later = await callers.ask({ scope: GRAPH, options });
    const laterSent = sentSince(before, stage.sent());

    story.fact(fact("claims", { label: "claims wanted", ...text(claims) }));
    story.fact(fact("served", { label: "served", ...count(burst.tokens.length, "caller") }));
    story.fact(sentFact(sent));
    story.fact(fact("waitedMs", { label: "all done after", ...duration(burst.slowestMs) }));
    story.check("the burst shares one request", { holds: isExactly(sent, 1), seen: inWords(sent) });
    const isNew = later.tokens[0]?.token === burst.tokens[0]?.token;
    story.check("who asks later, without claims, gets the new token too", {
      holds: isNew && isExactly(laterSent, 1),
      seen: inWords(laterSent),
    });
  },
};

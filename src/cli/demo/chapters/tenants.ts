import { TenantNotAllowedError } from "../../../index.ts";
import { errorFacts } from "../../error-facts.ts";
import { fact } from "../../fact.ts";
import { text } from "../../quantity.ts";
import { publicClaims } from "../../token-claims.ts";
import type { Chapter } from "../chapter.ts";
import { VAULT } from "../resources.ts";
import { inWords, isExactly, sentFact, sentSince } from "../sent.ts";
import { FOREIGN_TENANT, SECOND_TENANT } from "../stage.ts";

/** Other tenants: one that is allowed, one that is not. */
export const tenants: Chapter = {
  id: "tenants",
  title: "Two more tenants",
  plot: `The credential may ask ${SECOND_TENANT} too, but not ${FOREIGN_TENANT}.`,
  play: async (stage, story) => {
    const start = stage.sent();

    const allowed = await askTenant(SECOND_TENANT);
    const sent = sentSince(start, stage.sent());
    const [tid] = publicClaims(allowed.tokens[0]?.token ?? "", Date.now()).filter(
      ({ name }) => name === "tid",
    );
    story.fact(fact("tid", { label: "token of", ...text(String(tid?.value)) }));
    story.fact(sentFact(sent));

    const foreign = await askTenant(FOREIGN_TENANT);
    const sentAfterwards = sentSince(start, stage.sent());
    const [error] = foreign.errors;
    for (const told of errorFacts(error)) story.fact(told);

    const isSecond = tid?.value === SECOND_TENANT && isExactly(sent, 1);
    story.check("the second tenant issued a token of its own", {
      holds: isSecond,
      seen: inWords(sent),
    });
    story.check("the third was refused before anything was sent", {
      holds: error instanceof TenantNotAllowedError && isExactly(sentAfterwards, 1),
      seen: inWords(sentAfterwards),
    });

    function askTenant(tenantId: string) {
      return stage.callers.ask({ scope: VAULT, options: { tenantId } });
    }
  },
};

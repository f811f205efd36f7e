import { TenantNotAllowedError } from "../../../index.ts";
import { errorFacts } from "../../error-facts.ts";
import { fact } from "../../fact.ts";
import { text } from "../../quantity.ts";
import { publicClaims } from "../../token-claims.ts";
import type { Chapter } from "../chapter.ts";
import { countFacts, countsBetween, inWords, isExactly } from "../counts.ts";
import { VAULT } from "../resources.ts";
import { FOREIGN_TENANT, SECOND_TENANT } from "../stage.ts";

/** Other tenants: one that is allowed, one that is not. */
export const tenants: Chapter = {
  id: "tenants",
  title: "Two more tenants",
  plot: `The credential may ask ${SECOND_TENANT} too, but not ${FOREIGN_TENANT}.`,
  play: async (stage, story) => {
    const before = stage.counts();

    const allowed = await askTenant(SECOND_TENANT);
    const first = countsBetween(before, stage.counts());
    const [tid] = publicClaims(allowed.tokens[0]?.token ?? "", Date.now()).filter(
      ({ name }) => name === "tid",
    );
    story.fact(fact("tid", { label: "token of", ...text(String(tid?.value)) }));

    const foreign = await askTenant(FOREIGN_TENANT);
    const both = countsBetween(before, stage.counts());
    const [error] = foreign.errors;
    for (const told of [...errorFacts(error), ...countFacts(both)]) story.fact(told);

    const isSecond = tid?.value === SECOND_TENANT && isExactly(first, 1);
    story.check("the second tenant issued a token of its own", {
      holds: isSecond,
      seen: inWords(first),
    });
    story.check("the third was refused before anything was sent", {
      holds: error instanceof TenantNotAllowedError && isExactly(both, 1),
      seen: inWords(both),
    });

    function askTenant(tenantId: string) {
      return stage.callers.ask({ scope: VAULT, options: { tenantId } });
    }
  },
};

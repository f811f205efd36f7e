import { findProgram } from "../../chaos/support/program.ts";
import type { OptionalPart } from "../../support/optional-part.ts";

/** A Prometheus that scrapes and answers, and its tool that checks pages and configurations. */
export const PROMETHEUS: OptionalPart = {
  name: "prometheus with promtool",
  enabledBy: "apt-get install prometheus",
  isPresent: () => findProgram("prometheus") !== undefined && findProgram("promtool") !== undefined,
};

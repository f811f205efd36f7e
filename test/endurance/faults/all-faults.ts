import { ASSERTION_SOURCES } from "./assertion-sources.ts";
import type { Fault } from "./fault.ts";
import { MISSHAPEN } from "./misshapen.ts";
import { OUTAGES } from "./outages.ts";
import { REFUSALS } from "./refusals.ts";
import { THROTTLING } from "./throttling.ts";

// One is only slow, the other is odd only beside a token that it does not outlast.
const FRUITFUL = new Set(["a token after nine seconds", "the same expiry each time"]);

/** The faults under which no token is to be had. */
export const BARREN_FAULTS: readonly Fault[] = [
  ...REFUSALS,
  ...THROTTLING,
  ...OUTAGES,
  ...MISSHAPEN,
  ...ASSERTION_SOURCES,
].filter(({ name }) => !FRUITFUL.has(name));

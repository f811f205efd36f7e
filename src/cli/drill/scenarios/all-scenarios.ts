import type { Scenario } from "../scenario.ts";
import { COLD } from "./cold.ts";
import { CROWDS } from "./crowds.ts";
import { HARMLESS } from "./harmless.ts";
import { HITS } from "./hits.ts";
import { IMPATIENCE } from "./impatience.ts";
import { REFRESH } from "./refresh.ts";
import { RETRY_AFTER } from "./retry-after.ts";
import { THOUSAND_KEYS } from "./thousand-keys.ts";
import { TOKENS_UNDER_FAULTS } from "./tokens-under-faults.ts";

/** All scenarios of the drill, in the order in which they are listed. */
export const SCENARIOS: readonly Scenario[] = [
  ...CROWDS,
  ...HITS,
  ...REFRESH,
  ...IMPATIENCE,
  ...COLD,
  ...RETRY_AFTER,
  ...THOUSAND_KEYS,
  ...HARMLESS,
  ...TOKENS_UNDER_FAULTS,
];

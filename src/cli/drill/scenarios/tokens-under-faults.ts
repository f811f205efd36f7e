import type { Scenario } from "../scenario.ts";
import { freshUnder, type NamedFault, STALE_SETUP, staleUnder } from "../under-faults.ts";
import { BODIES, DELAYS, ODDITIES, OUTAGES, REFUSALS, RESETS, THROTTLES } from "./faults.ts";

// The gate of a tenant after `invalid_client`: nothing heals there within seconds.
const REFUSED_CLIENT_MS = 30_000;

/** A token that is good, whatever the authority does. */
export const TOKENS_UNDER_FAULTS: readonly Scenario[] = [
  {
    name: "fresh-any-fault",
    promise:
      "A fresh token needs no authority: no call notices any of the faults, and none is sent there.",
    runs: "alone",
    run: (stage) =>
      freshUnder(stage, [
        ...OUTAGES,
        ...THROTTLES,
        ...DELAYS,
        ...RESETS,
        ...BODIES,
        ...ODDITIES,
        ...REFUSALS,
      ]),
  },
  stale("outage", "a server that fails", OUTAGES),
  stale("throttle", "throttling", THROTTLES),
  stale("delay", "answers that come late or never", DELAYS),
  stale("reset", "connections that are reset", RESETS),
  stale("body", "successes that hold no token", BODIES),
  stale("oddity", "odd times and a redirect", ODDITIES),
  {
    ...stale("refusal", "a client that is refused", REFUSALS),
    setup: `${STALE_SETUP}; a client that is refused is left alone for 30 s, whatever the options`,
    run: (stage) => staleUnder(stage, { faults: REFUSALS, heldMs: REFUSED_CLIENT_MS }),
  },
];

function stale(name: string, what: string, faults: readonly NamedFault[]): Scenario {
  return {
    name: `stale-${name}`,
    promise: `A token that is due for renewal goes on serving behind ${what}: nobody is rejected, nobody waits.`,
    setup: STALE_SETUP,
    runs: "alone",
    run: (stage) => staleUnder(stage, { faults }),
  };
}

import type { Fault } from "./fault.ts";

/** What may become of the caller's own part: the assertion. */
export const ASSERTION_SOURCES: readonly Fault[] = [
  {
    name: "an assertion source that rejects",
    getAssertion: () => Promise.reject(new Error("the key vault is closed")),
  },
  {
    name: "an assertion source that throws",
    getAssertion: () => {
      throw new Error("no key");
    },
  },
  {
    name: "an assertion source that never settles",
    // One that was asked last under the fault is given up ten seconds later, and then the key rests.
    restMs: 310_000,
    getAssertion: () => new Promise(() => {}),
  },
  { name: "an assertion source that gives nothing", getAssertion: async () => "" },
];

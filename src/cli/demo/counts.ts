import { type Fact, fact } from "../fact.ts";
import { count, grouped } from "../quantity.ts";

/** Calls that were made, and what went to the authority for them. */
export interface Counts {
  readonly calls: number;
  readonly requests: number;
  readonly assertions: number;
}

/** What was counted between two moments. */
export function countsBetween(before: Counts, now: Counts): Counts {
  return {
    calls: now.calls - before.calls,
    requests: now.requests - before.requests,
    assertions: now.assertions - before.assertions,
  };
}

/** Whether exactly so many requests went out, each with an assertion of its own. */
export function isExactly(sent: Counts, requests: number): boolean {
  return sent.requests === requests && sent.assertions === requests;
}

/** `2 requests, 2 assertions`. */
export function inWords({ requests, assertions }: Counts): string {
  return `${count(requests, "request").shown}, ${count(assertions, "assertion").shown}`;
}

/** The counts of a whole chapter, under the same names in each; all chapters add up to the closing table. */
export function countFacts(whole: Counts): readonly Fact[] {
  const { calls, requests } = whole;
  return [
    fact("calls", { label: "calls", value: calls, shown: grouped(calls) }),
    fact("requests", { label: "sent", value: requests, shown: inWords(whole) }),
  ];
}

/** The part that a moment has in the counts of its chapter: `20 calls, 1 request`. */
export function partFact(moment: Pick<Fact, "name" | "label">, { calls, requests }: Counts): Fact {
  const shown = `${count(calls, "call").shown}, ${count(requests, "request").shown}`;
  return { ...moment, value: requests, shown };
}

import { type Fact, fact } from "../fact.ts";
import { count } from "../quantity.ts";
import type { Sent } from "./stage.ts";

/** What went to the authority between two moments. */
export function sentSince(before: Sent, now: Sent): Sent {
  return {
    requests: now.requests - before.requests,
    assertions: now.assertions - before.assertions,
  };
}

/** Whether exactly so many requests went out, each with an assertion of its own. */
export function isExactly(sent: Sent, requests: number): boolean {
  return sent.requests === requests && sent.assertions === requests;
}

/** `2 requests, 2 assertions`. */
export function inWords({ requests, assertions }: Sent): string {
  return `${count(requests, "request").shown}, ${count(assertions, "assertion").shown}`;
}

/** The fact of what was sent: the number of requests, and both numbers in words. */
export function sentFact(sent: Sent): Fact {
  return fact("requests", { label: "sent", value: sent.requests, shown: inWords(sent) });
}

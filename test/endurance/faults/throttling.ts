import type { EndpointResponse } from "../../../src/index.ts";
import { type Fault, json } from "./fault.ts";

const MINUTE_MS = 60_000;

// A Retry-After is stretched by up to a tenth, at most five seconds.
const STRETCH_MS = 5_000;

/** An authority that asks to be left alone, in every form in which it may say for how long. */
export const THROTTLING: readonly Fault[] = [
  throttling("no Retry-After", undefined, () => ({})),
  throttling("a Retry-After of 0", undefined, () => ({ "retry-after": "0" })),
  throttling("a Retry-After of a second", undefined, () => ({ "retry-after": "1" })),
  throttling("a Retry-After of two minutes", 2, () => ({ "retry-after": "120" })),
  throttling("a Retry-After of eight minutes", 8, () => ({ "retry-after": "480" })),
  throttling("a date two minutes ahead", 2, () => ({ "retry-after": httpDate(2) })),
  throttling("a date that has passed", undefined, () => ({ "retry-after": httpDate(-2) })),
  throttling("a retry-after-ms of two minutes", 2, () => ({ "retry-after-ms": "120000" })),
  throttling("an x-ms-retry-after-ms of a minute", 1, () => ({ "x-ms-retry-after-ms": "60000" })),
  throttling("a Retry-After that is no time", undefined, () => ({ "retry-after": "later" })),
  {
    name: "503 with a Retry-After of two minutes",
    answer: () => json(503, { error: "temporarily_unavailable" }, { "retry-after": "120" }),
  },
  {
    name: "429 with a Date two hours ahead and a Retry-After two minutes behind it",
    answer: () => throttled({ date: httpDate(120), "retry-after": httpDate(122) }),
  },
];

// Within five minutes a key asks anyway; a longer wait is the authority's own.
function throttling(
  told: string,
  minutes: number | undefined,
  headers: () => EndpointResponse["headers"],
): Fault {
  const answer = () => throttled(headers());
  const name = `429 with ${told}`;
  if (minutes === undefined || minutes <= 5) return { name, answer };
  return { name, answer, restMs: minutes * MINUTE_MS + STRETCH_MS };
}

function throttled(headers: EndpointResponse["headers"]): EndpointResponse {
  return json(429, { error: "temporarily_unavailable", error_codes: [90055] }, headers);
}

function httpDate(minutesAhead: number): string {
  return new Date(Date.now() + minutesAhead * MINUTE_MS).toUTCString();
}

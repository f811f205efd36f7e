import type { NamedFault } from "../under-faults.ts";

/** A server that fails, in every form. */
export const OUTAGES: readonly NamedFault[] = [
  ["503 as JSON", { kind: "outage", status: 503, body: "json" }],
  ["502 as HTML", { kind: "outage", status: 502, body: "html" }],
  ["500 without a body", { kind: "outage", status: 500, body: "none" }],
];

/** Throttling, in every form in which a wait is told. */
export const THROTTLES: readonly NamedFault[] = [
  ["429 with seconds", { kind: "throttle", retryAfterS: 2, form: "seconds" }],
  ["429 with a date", { kind: "throttle", retryAfterS: 2, form: "date" }],
  ["429 with retry-after-ms", { kind: "throttle", retryAfterS: 2, form: "retry-after-ms" }],
  [
    "429 with x-ms-retry-after-ms",
    { kind: "throttle", retryAfterS: 2, form: "x-ms-retry-after-ms" },
  ],
  ["429 without a wait", { kind: "throttle" }],
];

/** Answers that come late or never. */
export const DELAYS: readonly NamedFault[] = [
  ["hangs before its headers", { kind: "hang", where: "before-headers" }],
  ["hangs in the body", { kind: "hang", where: "in-body" }],
  ["drips 20 bytes a second", { kind: "drip", bytesPerS: 20 }],
  ["answers half a second late", { kind: "latency", latencyMs: 400, jitterMs: 200 }],
];

/** Connections that are reset. */
export const RESETS: readonly NamedFault[] = [
  ["reset before the request", { kind: "reset", when: "before-request" }],
  ["reset after the request", { kind: "reset", when: "after-request" }],
  ["reset in the body", { kind: "reset", when: "in-body" }],
];

/** Successes that hold no token, or do not say so. */
export const BODIES: readonly NamedFault[] = [
  ["truncated JSON", { kind: "body", body: "truncated" }],
  ["2 MiB and more", { kind: "body", body: "oversized" }],
  ["HTML with 200", { kind: "body", body: "html" }],
  ["nothing with 200", { kind: "body", body: "empty" }],
  ["a token called HTML", { kind: "body", body: "wrong-content-type" }],
];

/** Answers that lead astray: times that are odd, and another address. */
export const ODDITIES: readonly NamedFault[] = [
  ["lifetime 0", { kind: "lifetime", expiresIn: 0 }],
  ["no lifetime", { kind: "lifetime", expiresIn: null }],
  ["the same expiry again", { kind: "lifetime", expiresIn: "same-expiry" }],
  ["a Date an hour ahead", { kind: "skewed-date", skewS: 3_600 }],
  ["redirect 307", { kind: "redirect" }],
];

/** Refusals of the client. */
export const REFUSALS: readonly NamedFault[] = [
  ["invalid_client", { kind: "refusal", error: "invalid_client" }],
  ["key forgotten", { kind: "key-rotation" }],
];

import type { Fault, LocalAuthority } from "../../src/testing/index.ts";
import { times } from "../support/times.ts";

/** A stretch of the load, and what is wrong with the authority meanwhile. */
export interface Chapter {
  readonly name: string;
  readonly faults: readonly Fault[];
  /** Whether answers ask for more claims. */
  readonly asksForClaims?: boolean;
}

const THROTTLED = { kind: "throttle", retryAfterS: 0.05 } as const;
const REFUSED = { kind: "refusal" } as const;

const fault = (name: string, ...faults: readonly Fault[]): Chapter => ({ name, faults });

/** Everything that an authority does to its clients, once each; in between it is well. */
export const CHAPTERS: readonly Chapter[] = [
  ...times(8, () => fault("well")),
  fault("slow", { kind: "latency", latencyMs: 5, jitterMs: 60 }),
  fault("half an outage", { kind: "outage", share: 0.5 }),
  fault("an outage", { kind: "outage", status: 500, body: "html" }),
  fault("a gateway's outage", { kind: "outage", status: 502, body: "none", share: 0.3 }),
  fault("throttled in ms", { ...THROTTLED, form: "retry-after-ms", share: 0.3 }),
  fault("throttled by date", { ...THROTTLED, retryAfterS: 1, form: "date", share: 0.1 }),
  fault("throttled without a wait", { kind: "throttle", share: 0.3 }),
  fault("reset before reading", { kind: "reset", when: "before-request", share: 0.3 }),
  fault("reset after reading", { kind: "reset", when: "after-request", share: 0.3 }),
  fault("reset while answering", { kind: "reset", when: "in-body", share: 0.3 }),
  fault("silent", { kind: "hang", share: 0.1 }),
  fault("stuck while answering", { kind: "hang", where: "in-body", share: 0.1 }),
  fault("dripping", { kind: "drip", bytesPerS: 4_000, share: 0.1 }),
  fault("a portal's page", { kind: "body", body: "html", share: 0.3 }),
  fault("cut short", { kind: "body", body: "truncated", share: 0.3 }),
  fault("empty", { kind: "body", body: "empty", share: 0.3 }),
  fault("of another type", { kind: "body", body: "wrong-content-type", share: 0.3 }),
  fault("elsewhere", { kind: "redirect", share: 0.2 }),
  fault("without a lifetime", { kind: "lifetime", expiresIn: null, share: 0.3 }),
  fault("of a wordy lifetime", { kind: "lifetime", expiresIn: "soon", share: 0.3 }),
  fault("out of time", { kind: "skewed-date", skewS: 400, share: 0.5 }),
  // What a client is refused for is remembered for long, so each of these meets one tenant.
  fault("not this client", { kind: "refusal", tenant: "tenant-1.example" }),
  fault("not allowed to", { ...REFUSED, error: "unauthorized_client", tenant: "tenant-2.example" }),
  fault("not this scope", {
    ...REFUSED,
    error: "invalid_scope",
    tenant: "tenant-3.example",
    share: 0.5,
  }),
  fault("not like this", {
    ...REFUSED,
    error: "invalid_request",
    tenant: "tenant-3.example",
    share: 0.5,
  }),
  fault("not this grant", {
    ...REFUSED,
    error: "invalid_grant",
    tenant: "tenant-4.example",
    share: 0.5,
  }),
  fault("an old assertion", { ...REFUSED, entraCode: 700024, share: 0.3 }),
  { name: "more claims", faults: [], asksForClaims: true },
  fault(
    "all at once",
    { kind: "outage", share: 0.2 },
    { kind: "reset", share: 0.2 },
    { kind: "latency", latencyMs: 10, jitterMs: 30 },
    { kind: "body", body: "html", share: 0.2 },
  ),
];

const MORE_CLAIMS = {
  status: 400,
  body: {
    error: "interaction_required",
    error_description: "AADSTS50076: More is needed.",
    error_codes: [50076],
    claims: '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}',
  },
};

/** Ends what the authority suffers from and begins what comes next. */
export function begin({ faults, asksForClaims }: Chapter, authority: LocalAuthority): void {
  authority.clearFaults();
  authority.respondNormally();
  for (const one of faults) authority.injectFault(one);
  if (asksForClaims) for (let asked = 0; asked < 5; asked += 1) authority.respondOnce(MORE_CLAIMS);
}

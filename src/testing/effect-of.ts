import type { InterruptedAt } from "./authority-response.ts";
import type { Fault, ResetFault } from "./fault.ts";
import { outage, redirect, refusal, throttle } from "./fault-answers.ts";
import { bodyEffect } from "./fault-bodies.ts";
import { interrupted, late, skewed, slow } from "./fault-changes.ts";
import type { FaultEffect } from "./fault-effect.ts";
import type { IssuedExpiries } from "./issued-expiries.ts";
import { keyRotation } from "./key-rotation.ts";
import { oddLifetime, sameExpiry } from "./odd-lifetime.ts";

/** What the effects draw on. */
export interface EffectParts {
  readonly chance: () => number;
  readonly expiries: IssuedExpiries;
}

/** The effect of one fault, made when the fault begins: some remember what they have met since. */
export function effectOf(fault: Fault, { chance, expiries }: EffectParts): FaultEffect {
  switch (fault.kind) {
    case "latency":
      return late(fault, chance);
    case "refusal":
      return (request) => refusal(fault, request);
    case "throttle":
      return (request) => throttle(fault, request);
    case "outage":
      return (request) => outage(fault, request);
    case "hang":
      return interrupted({ by: "hang", where: fault.where ?? "before-headers" });
    case "drip":
      return slow(fault);
    case "reset":
      return interrupted({ by: "reset", where: placeOf(fault) });
    case "body":
      return bodyEffect(fault);
    case "redirect":
      return () => redirect(fault);
    case "lifetime":
      return fault.expiresIn === "same-expiry"
        ? sameExpiry(expiries)
        : oddLifetime(fault.expiresIn);
    case "skewed-date":
      return skewed(fault);
    case "key-rotation":
      return keyRotation();
    default:
      return fault satisfies never;
  }
}

function placeOf({ when }: ResetFault): InterruptedAt {
  return when === "in-body" ? "in-body" : "before-headers";
}

import type { AuthorityResponse, Interruption } from "./authority-response.ts";
import type { DripFault, LatencyFault, SkewedDateFault } from "./fault.ts";
import type { FaultEffect } from "./fault-effect.ts";

/** Holds the answer back. */
export function late({ latencyMs, jitterMs = 0 }: LatencyFault, chance: () => number): FaultEffect {
  return change((answer) => {
    const delayMs = (answer.delayMs ?? 0) + latencyMs + Math.round(chance() * jitterMs);
    return { ...answer, delayMs };
  });
}

/** Sends the answer slowly; of two paces the slower one counts. */
export function slow({ bytesPerS }: DripFault): FaultEffect {
  return change((answer) => ({
    ...answer,
    bytesPerS: Math.min(bytesPerS, answer.bytesPerS ?? bytesPerS),
  }));
}

/** Skews the answer's `Date`, further if it is skewed already. */
export function skewed({ skewS }: SkewedDateFault): FaultEffect {
  return change((answer) => ({ ...answer, dateSkewS: (answer.dateSkewS ?? 0) + skewS }));
}

/** Ends the answer early. Without headers there is nothing to answer, so nothing is decided either. */
export function interrupted(interrupt: Interruption): FaultEffect {
  if (interrupt.where === "before-headers") return () => ({ status: NO_STATUS, interrupt });
  return change((answer) => {
    // What ends before its headers has no body in which it could end otherwise.
    const endsAt = answer.interrupt?.where ?? answer.destroy;
    return endsAt === "before-headers" ? answer : { ...answer, interrupt };
  });
}

/** Stands for the status of an answer that has none: it ends before its headers. */
export const NO_STATUS = 0;

/** Changes the answer below, but only one that issues a token. */
export function changeSuccess(
  change: (answer: AuthorityResponse) => AuthorityResponse | Promise<AuthorityResponse>,
): FaultEffect {
  return async (_request, below) => {
    const answer = await below();
    return answer.status === 200 ? change(answer) : answer;
  };
}

function change(changed: (answer: AuthorityResponse) => AuthorityResponse): FaultEffect {
  return async (_request, below) => changed(await below());
}

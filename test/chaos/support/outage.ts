import type { Outcome } from "./outcome.ts";
import type { Service, Tally } from "./service.ts";

/** Something that comes between a service and its authority, and goes again. */
export interface Outage {
  begin(): Promise<unknown>;
  end(): Promise<unknown>;
  /** What has been seen of the service on the way to the authority so far. */
  requests(): Promise<number>;
}

/** How a service lived through an outage, with a usable token that was due for renewal and without any. */
export interface Story {
  readonly during: Tally;
  readonly cold: readonly Outcome[];
  readonly requests: number;
  /** From the end of the outage to a newer token. */
  readonly after: Tally;
  readonly coldAfter: Outcome;
}

const CALLS = 300;
const COLD_CALLERS = 20;
const RECOVERY_MS = 8_000;

/** Short limits, so that an outage of two seconds shows what one of minutes would. */
export const LIMITS = {
  refresh: { jitter: 0, coolDownMs: 300, maxCoolDownMs: 600 },
  resilience: {
    deadlineMs: 2_500,
    attemptTimeoutMs: 800,
    maxRetries: 1,
    backoffMs: 20,
    maxBackoffMs: 100,
    circuitBreaker: { failures: 5, openMs: 500 },
  },
} as const;

/** A token of an hour that is due for renewal after a second. */
export const DUE_AT_ONCE = { refreshInS: 1 } as const;

/** Has a service live through an outage from the moment its token is due. */
export async function liveThrough(outage: Outage, service: Service): Promise<Story> {
  await service.warmUp();
  await outage.begin();
  await service.untilDue();
  const before = await outage.requests();
  const [during, cold] = await Promise.all([
    service.call({ calls: CALLS }),
    service.callCold(COLD_CALLERS),
  ]);
  const requests = (await outage.requests()) - before;
  await outage.end();
  const [after, coldAfter] = await Promise.all([
    service.untilNewer(RECOVERY_MS),
    service.untilServedCold(RECOVERY_MS),
  ]);
  return { during, cold, requests, after, coldAfter };
}

/**
 * The most requests that the gate lets through while so much time passes: a flight at once, one
 * after the first cool-down and one after each of the longest, all shortened by chance by a fifth.
 * Each flight tries twice, and the first one once more when its kept-alive connection is dead. The
 * cold callers share one flight.
 */
export function mostRequests({ lastedMs }: Tally): number {
  const flights = 2 + Math.ceil(lastedMs / (LIMITS.refresh.maxCoolDownMs * 0.8));
  return 2 * flights + 1 + 2;
}

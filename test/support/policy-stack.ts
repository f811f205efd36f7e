import {
  CockatielResilience,
  type ResilienceRules,
} from "../../src/adapters/cockatiel-resilience.ts";
import { systemClock } from "../../src/adapters/system-clock.ts";
import type { CircuitState } from "../../src/core/events.ts";
import type { Attempt } from "../../src/core/ports.ts";
import { TokenEndpointError, TransportError } from "../../src/domain/errors.ts";
import { rejection } from "./rejection.ts";

const RULES: ResilienceRules = {
  deadlineMs: 30_000,
  attemptTimeoutMs: 10_000,
  maxRetries: 0,
  backoffMs: 200,
  maxBackoffMs: 5_000,
  assertionTimeoutMs: 10_000,
  retryBudget: { share: 0.2, floor: 3, windowMs: 10_000 },
  bulkhead: { concurrent: 32, queued: 10_000 },
  circuitBreaker: { failures: 2, openMs: 10_000 },
};

/** A failure of the authority. */
export const reset = (): TransportError =>
  new TransportError("reset", { systemCode: "ECONNRESET" });
/** An answer that is no token. */
export const refused = (): TokenEndpointError =>
  new TokenEndpointError("refused", {
    statusCode: 400,
    errorResponse: { error: "invalid_scope", errorDescription: "" },
  });

/** The policies as they are composed, with what their circuit tells; few failures open it. */
export function stack(rules: Partial<ResilienceRules> = {}) {
  const states: CircuitState[] = [];
  const resilience = new CockatielResilience({ ...RULES, ...rules }, systemClock);
  resilience.onCircuitChange(({ state }) => states.push(state));
  const run = <T>(
    operation: (attempt: Attempt) => Promise<T>,
    { signal = new AbortController().signal, origin = "https://a.example" } = {},
  ) =>
    resilience.run(operation, {
      origin,
      signal,
      admit: () => {},
      heldMs: () => 0,
      maxRetries: () => Number.POSITIVE_INFINITY,
      onRetry: () => {},
    });
  const fail = (error: () => Error) =>
    rejection(run(({ guard }) => guard(() => Promise.reject(error()))));
  return { resilience, states, run, fail };
}

/** A request that is never answered, and ends with its signal. */
export const hang = (signal: AbortSignal): Promise<never> =>
  new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });

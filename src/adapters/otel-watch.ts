import type { Resilience } from "../core/ports.ts";
import type { SteadyClock } from "../core/steady-clock.ts";
import type { TokenSlots } from "../core/token-slots.ts";
import { CappedNames } from "../telemetry/capped-names.ts";
import { circuitChanged } from "../telemetry/credential-events.ts";
import {
  type LiveCredential,
  type TokenSurvey,
  unwatchCredential,
  watchCredential,
} from "../telemetry/live-credentials.ts";
import type { SeriesAttributes } from "../telemetry/series.ts";
import { serverAttributes } from "../telemetry/server-attributes.ts";
import { sharedState } from "../telemetry/shared-state.ts";
import type { Announce } from "../telemetry/telemetry-event.ts";
import { watchCircuit } from "../telemetry/watched-circuits.ts";
import { warnOfFailure } from "./otel-diag.ts";
import { count } from "./otel-instruments.ts";
import type { OtelSubject } from "./otel-subject.ts";

// Whoever did not ask for a token for so long will not miss it when it ends.
const IN_USE_MS = 900_000;

const guardNames = sharedState("guards", () => new CappedNames());

export interface WatchedTokens {
  readonly subject: OtelSubject;
  readonly slots: TokenSlots;
  readonly time: SteadyClock;
  readonly maxEntries: number;
}

/** Lets the gauges read a credential's tokens until the returned function is called. */
export function watchTokens({ subject, slots, time, maxEntries }: WatchedTokens): () => void {
  const { assertionKind, certificateExpiresOn } = subject.credential;
  const credential: LiveCredential = {
    name: subject.named.name,
    assertionKind,
    certificateExpiresOn,
    limit: maxEntries,
    survey: () => survey(subject, slots, time.now()),
  };
  watchCredential(credential);
  return () => unwatchCredential(credential);
}

function survey(subject: OtelSubject, slots: TokenSlots, now: number): TokenSurvey {
  const expiries = new Map<SeriesAttributes, number>();
  let usable = 0;
  for (const token of slots.allUsable()) {
    usable += 1;
    if (now - Math.max(token.usedAt, token.wantedAt) >= IN_USE_MS) continue;
    const { attributes } = subject.seriesOf(token);
    const { expiresOnTimestamp } = token.accessToken();
    const first = expiries.get(attributes);
    if (first === undefined || expiresOnTimestamp < first) {
      expiries.set(attributes, expiresOnTimestamp);
    }
  }
  return { usable, expiries };
}

export interface WatchedGuard {
  readonly resilience: Resilience;
  readonly origin: string;
  /** The credential's own name, for a guard without one. */
  readonly name: string;
  readonly announce: Announce;
}

/** Reports the circuit that stands between a credential and its authority until the returned function is called. */
export function watchGuard({ resilience, origin, name, announce }: WatchedGuard): () => void {
  // A resilience of the caller's own may throw whenever it is asked for something.
  const stop = quietly(() =>
    watchCircuit({
      guard: resilience,
      origin,
      attributes: () => ({
        ...serverAttributes(new URL(origin)),
        "entra.credential.resilience.name": guardNames.reported(resilience.name ?? name),
      }),
      changed: (state, attributes) =>
        quietly(() => {
          const change = { ...attributes, "entra.credential.circuit_breaker.state": state };
          count("entra.credential.circuit_breaker.transitions", change);
          announce(circuitChanged(attributes, state));
        }),
    }),
  );
  return () => quietly(() => stop?.());
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    warnOfFailure(error);
    return undefined;
  }
}

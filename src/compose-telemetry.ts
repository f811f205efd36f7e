import { writeLine } from "./adapters/azure-log.ts";
import { warnOfFailure } from "./adapters/otel-diag.ts";
import { emit } from "./adapters/otel-logs.ts";
import { OtelObserver } from "./adapters/otel-observer.ts";
import { silentObserver } from "./adapters/otel-silent-observer.ts";
import { OtelSubject } from "./adapters/otel-subject.ts";
import { watchGuard, watchTokens } from "./adapters/otel-watch.ts";
import { guardedObserver } from "./core/guarded-observer.ts";
import type { Observer, Resilience } from "./core/ports.ts";
import type { SteadyClock } from "./core/steady-clock.ts";
import type { TokenSlots } from "./core/token-slots.ts";
import type { GetAssertion } from "./domain/assertion.ts";
import type { ResolvedTelemetry } from "./options/telemetry-options.ts";
import type { EventName } from "./telemetry/registry-types.ts";
import type { TelemetryEvent } from "./telemetry/telemetry-event.ts";

/** What can be read of a credential once it is put together. */
interface Readable {
  readonly slots: TokenSlots;
  readonly time: SteadyClock;
  readonly maxEntries: number;
  readonly resilience: Resilience;
  readonly origin: string;
}

export interface Telemetry {
  readonly observer: Observer;
  /** Lets the gauges read the credential until the returned function is called. */
  readonly watch: (readable: Readable) => () => void;
}

const SWITCHED_OFF: Telemetry = {
  observer: guardedObserver(silentObserver, warnOfFailure),
  watch: () => () => {},
};

/** Telemetry of one credential: to OpenTelemetry, and as quiet lines to the Azure SDKs' logger. */
export function composeTelemetry(
  identity: { readonly clientId: string; readonly getAssertion: GetAssertion },
  settings: ResolvedTelemetry,
): Telemetry {
  if (!settings.enabled) return SWITCHED_OFF;
  const { clientId, getAssertion } = identity;
  const account = settings.accountInLines ? `client ${clientId}` : undefined;
  const subject = new OtelSubject({
    settings,
    clientId,
    assertionKind: getAssertion.kind ?? "callback",
    certificateExpiresOn: () => getAssertion.certificateExpiresOn,
    announce: (event) => announce(event, account),
  });
  return {
    observer: guardedObserver(new OtelObserver(subject), warnOfFailure),
    watch: ({ slots, time, maxEntries, resilience, origin }) => {
      const { name } = settings;
      const stops = [
        watchTokens({ subject, slots, time, maxEntries }),
        watchGuard({ resilience, origin, name, announce }),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

// Holds on to no credential: a guard that many share outlives them.
const announce = <E extends EventName>(event: TelemetryEvent<E>, account?: string): void => {
  writeLine(event, account);
  emit(event);
};

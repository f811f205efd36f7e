import { CockatielResilience } from "./adapters/cockatiel-resilience.ts";
import { GotTokenEndpoint } from "./adapters/got-token-endpoint.ts";
import { LruTokenCache } from "./adapters/lru-token-cache.ts";
import { systemClock } from "./adapters/system-clock.ts";
import { composeTelemetry } from "./compose-telemetry.ts";
import { Acquirer } from "./core/acquirer.ts";
import { type CredentialHealth, credentialHealth } from "./core/credential-health.ts";
import { AssertionExchange } from "./core/exchange.ts";
import { Flights } from "./core/flights.ts";
import type { Resilience } from "./core/ports.ts";
import { RefreshGate } from "./core/refresh-gate.ts";
import { SteadyClock } from "./core/steady-clock.ts";
import { TokenSlots } from "./core/token-slots.ts";
import { Vitals } from "./core/vitals.ts";
import { WaitingRoom } from "./core/waiting-room.ts";
import { WarmKeeper } from "./core/warm-keeper.ts";
import type { GetAssertion } from "./domain/assertion.ts";
import type { ResolvedOptions } from "./options/resolve-options.ts";
import type { ResolvedResilience } from "./options/resolve-resilience.ts";
import { tokenRequestHeaders } from "./protocol/request-headers.ts";
import { PACKAGE_VERSION } from "./version.ts";

/** The parts of a credential, put together: the only place that knows them all. */
export interface Composition {
  readonly acquirer: Acquirer;
  readonly health: () => CredentialHealth;
  /** Ends all that is under way and lets go of all that is held; again does nothing. */
  readonly close: () => Promise<void>;
}

export interface Identity {
  readonly clientId: string;
  readonly getAssertion: GetAssertion;
}

export function compose(identity: Identity, options: ResolvedOptions): Composition {
  const clock = systemClock;
  const time = new SteadyClock(clock);
  const { observer, watch } = composeTelemetry(identity, options.telemetry);
  const slots = new TokenSlots({
    time,
    cache: (madeRoom) => new LruTokenCache(options.maxEntries, madeRoom),
    evicted: (token, reason) => observer.note({ type: "cache.evicted", token, reason }),
  });
  const { authority, gate: rules, maxEntries: maxKeys } = options;
  const gate = new RefreshGate({ rules, time, clock, maxKeys });
  const vitals = new Vitals(clock);
  const resilience = isPort(options.resilience)
    ? options.resilience
    : composeResilience(options.resilience);
  const exchange = new AssertionExchange({
    getAssertion: identity.getAssertion,
    endpoint: options.transport ?? new GotTokenEndpoint(options),
    headers: headersWith(options.userAgentPrefix),
    clock,
    time,
  });
  const warmKeeper = new WarmKeeper({
    clock,
    time,
    maxKeys,
    usable: ({ request, key }) => slots.usable(request, key),
    opensAt: (errand) => gate.holding(errand, true)?.until ?? 0,
    refresh: (errand) => waiting.refreshBehind(errand),
  });
  const flights = new Flights({
    exchange,
    resilience,
    slots,
    gate,
    vitals,
    landed: (errand) => (options.keepWarm ? warmKeeper.landed(errand) : undefined),
    observer,
    rules: options.refresh,
    clock,
    time,
  });
  const waiting = new WaitingRoom({ flights, gate, observer, time });
  const acquirer = new Acquirer({ slots, flights, gate, observer, time }, waiting);
  const unwatch = watch({ slots, time, maxEntries: maxKeys, resilience, origin: authority });
  return {
    acquirer,
    health: () => credentialHealth({ circuit: resilience.circuit(authority), slots, vitals }),
    close: async () => {
      if (!acquirer.close()) return;
      unwatch();
      warmKeeper.stop();
      await exchange.close();
    },
  };
}

/** A guard of its own, or for several credentials to share. */
export function composeResilience(rules: ResolvedResilience, name?: string): Resilience {
  return new CockatielResilience(rules, systemClock, name);
}

function isPort(resilience: ResolvedResilience | Resilience): resilience is Resilience {
  return "run" in resilience;
}

function headersWith(userAgentPrefix: string | undefined) {
  const platform = { os: process.platform, cpu: process.arch, nodeVersion: process.version };
  return (correlationId: string): Readonly<Record<string, string>> =>
    tokenRequestHeaders({ correlationId, userAgentPrefix, version: PACKAGE_VERSION, platform });
}

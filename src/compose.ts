import { CockatielResilience } from "./adapters/cockatiel-resilience.ts";
import { GotTokenEndpoint } from "./adapters/got-token-endpoint.ts";
import { LruTokenCache } from "./adapters/lru-token-cache.ts";
import { OtelObserver } from "./adapters/otel-observer.ts";
import { silentObserver } from "./adapters/silent-observer.ts";
import { systemClock } from "./adapters/system-clock.ts";
import { Acquirer } from "./core/acquirer.ts";
import { AssertionExchange } from "./core/exchange.ts";
import { Flights } from "./core/flights.ts";
import { guardedObserver } from "./core/guarded-observer.ts";
import type { Exchange, Observer } from "./core/ports.ts";
import { RefreshGate } from "./core/refresh-gate.ts";
import { SteadyClock } from "./core/steady-clock.ts";
import { TokenSlots } from "./core/token-slots.ts";
import type { GetAssertion } from "./domain/assertion.ts";
import type { ResolvedOptions } from "./options/resolve-options.ts";
import { tokenRequestHeaders } from "./protocol/request-headers.ts";
import { PACKAGE_VERSION } from "./version.ts";

/** The parts of a credential, put together: the only place that knows them all. */
export interface Composition {
  readonly acquirer: Acquirer;
  readonly exchange: Exchange;
}

export interface Identity {
  readonly clientId: string;
  readonly getAssertion: GetAssertion;
}

export function compose(
  { clientId, getAssertion }: Identity,
  options: ResolvedOptions,
): Composition {
  const clock = systemClock;
  const time = new SteadyClock(clock);
  const observer = observerFor(clientId, getAssertion, options);
  const slots = new TokenSlots(new LruTokenCache(options.maxEntries), time);
  const { gate: rules, maxEntries: maxKeys } = options;
  const gate = new RefreshGate({ rules, time, clock, maxKeys });
  const exchange = new AssertionExchange({
    getAssertion,
    assertionTimeoutMs: options.resilience.assertionTimeoutMs,
    endpoint: options.transport ?? new GotTokenEndpoint(options),
    headers: headersWith(options.userAgentPrefix),
    clock,
    time,
  });
  const resilience = new CockatielResilience(options.resilience, clock, (state) =>
    observer.note({ type: "circuit.changed", state }),
  );
  const flights = new Flights({
    exchange,
    resilience,
    slots,
    gate,
    observer,
    rules: options.refresh,
    clock,
    time,
  });
  return { acquirer: new Acquirer({ slots, flights, gate, observer, time }), exchange };
}

function observerFor(
  clientId: string,
  getAssertion: GetAssertion,
  { telemetry }: ResolvedOptions,
): Observer {
  if (!telemetry.enabled) return silentObserver;
  const { kind: assertionKind = "callback" } = getAssertion;
  return guardedObserver(new OtelObserver({ name: telemetry.name, clientId, assertionKind }));
}

function headersWith(userAgentPrefix: string | undefined) {
  const platform = { os: process.platform, cpu: process.arch, nodeVersion: process.version };
  return (correlationId: string): Readonly<Record<string, string>> =>
    tokenRequestHeaders({ correlationId, userAgentPrefix, version: PACKAGE_VERSION, platform });
}

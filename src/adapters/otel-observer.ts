import type { Acquisition, CredentialEvent, EvictionReason, FlightFacts } from "../core/events.ts";
import type { AcquisitionObservation, FlightObservation, Observer } from "../core/ports.ts";
import type { CachedToken } from "../domain/cached-token.ts";
import type { CredentialError } from "../domain/errors.ts";
import { staleServed, tokenEvicted } from "../telemetry/credential-events.ts";
import { errorType } from "../telemetry/error-type.ts";
import { OtelAcquisition } from "./otel-acquisition.ts";
import { OtelFlight } from "./otel-flight.ts";
import { count, refreshInstruments } from "./otel-instruments.ts";
import { contextOfCaller, registeredTracer, startHitSpan } from "./otel-spans.ts";
import type { OtelSubject } from "./otel-subject.ts";

// A look for a new meter provider costs as much as the rest of a hit's telemetry. Until the next
// look nothing is lost: the counts go on and are reported whole.
const HITS_PER_LOOK = 16;

/**
 * Tells OpenTelemetry what a credential does: spans, metrics and log events as the registry lists
 * them.
 *
 * Providers may be registered late, replaced or never: each is looked up when it is needed.
 */
export class OtelObserver implements Observer {
  readonly #subject: OtelSubject;
  // A call begins, finds no flight and begins one, all in one turn: the flight is for that call.
  #boarding: OtelAcquisition | undefined;

  constructor(subject: OtelSubject) {
    this.#subject = subject;
  }

  served(source: "cache" | "stale_cache", token: CachedToken, callerContext: unknown): void {
    const { ended } = this.#subject.seriesOf(token);
    ended[source] += 1;
    if (ended[source] % HITS_PER_LOOK === 0) refreshInstruments();
    if (registeredTracer() !== undefined) this.#span(source, token, callerContext);
  }

  beginAcquisition(about: Acquisition): AcquisitionObservation {
    const observation = new OtelAcquisition(about, this.#subject, () => {
      if (this.#boarding === observation) this.#boarding = undefined;
    });
    this.#boarding = observation;
    return observation;
  }

  beginFlight(about: FlightFacts): FlightObservation {
    return new OtelFlight(about, this.#subject, this.#boarding);
  }

  note(event: CredentialEvent): void {
    switch (event.type) {
      case "stale.served":
        this.#staleServed(event.token, event.error);
        break;
      case "cache.evicted":
        this.#evicted(event.token, event.reason);
        break;
      default:
        event satisfies never;
    }
  }

  #staleServed(token: CachedToken, error: CredentialError): void {
    const { resource } = token;
    const lastsMs = token.accessToken().expiresOnTimestamp - Date.now();
    const told = { resource, lastsMs, errorType: errorType(error) };
    const subject = this.#subject;
    subject.credential.announce(staleServed(subject.tokenAttributes(token), told));
  }

  #evicted(token: CachedToken, reason: EvictionReason): void {
    const subject = this.#subject;
    const { resource } = token;
    count("entra.credential.cache.evictions", {
      "entra.credential.name": subject.named.name,
      "entra.credential.cache.eviction.reason": reason,
    });
    subject.credential.announce(tokenEvicted(subject.tokenAttributes(token), { resource, reason }));
  }

  #span(source: "cache" | "stale_cache", token: CachedToken, callerContext: unknown): void {
    const subject = this.#subject;
    const parent = contextOfCaller(callerContext);
    if (!subject.spansHit(parent)) return;
    const now = performance.now();
    const span = startHitSpan(subject.hitAttributes(source, token), parent, now);
    try {
      const { tenantId, resource } = token;
      subject.decorate(span, { operation: "getToken", tenantId, resource });
    } finally {
      span?.end(now);
    }
  }
}

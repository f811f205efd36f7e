import type { AcquisitionEvent, Activity } from "../core/events.ts";
import type { Observation, Observer } from "../core/ports.ts";
import type { AssertionKind } from "../domain/assertion.ts";
import type { CachedToken } from "../domain/cached-token.ts";
import { acquisitionCounts, type NamedCounts } from "../telemetry/acquisition-counts.ts";
import { AcquisitionObservation } from "./otel-acquisition.ts";
import { FlightObservation } from "./otel-flight.ts";
import { refreshInstruments } from "./otel-metrics.ts";
import { SpanObservation } from "./otel-span-observation.ts";
import { contextOfCaller, registeredTracer, startSpan } from "./otel-spans.ts";

// A look for a new meter provider costs as much as the rest of a hit's telemetry. Until the next
// look nothing is lost: the counts go on and are reported whole.
const HITS_PER_LOOK = 16;

/** The credential that is observed. */
export interface ObservedCredential {
  /** The caller's label, by which the metrics tell credentials apart. */
  readonly name: string;
  readonly clientId: string;
  readonly assertionKind: AssertionKind;
}

/**
 * Tells OpenTelemetry what a credential does: spans and metrics as the registry lists them.
 *
 * Providers may be registered late, replaced or never: each is looked up when it is needed.
 */
export class OtelObserver implements Observer {
  readonly #counts: NamedCounts;
  readonly #clientId: string;
  readonly #assertionKind: AssertionKind;
  // A call begins, finds no flight and begins one, all in one turn: the flight is for that call.
  #boarding: AcquisitionObservation | undefined;

  constructor({ name, clientId, assertionKind }: ObservedCredential) {
    this.#counts = acquisitionCounts.of(name);
    this.#clientId = clientId;
    this.#assertionKind = assertionKind;
  }

  served(source: "cache" | "stale_cache", token: CachedToken, callerContext: unknown): void {
    const { ended } = this.#counts;
    ended[source] += 1;
    if (ended[source] % HITS_PER_LOOK === 0) refreshInstruments();
    if (registeredTracer() !== undefined) this.#span(source, token, callerContext);
  }

  begin(activity: Activity): Observation {
    switch (activity.type) {
      case "acquisition":
        return this.#beginAcquisition(activity);
      case "flight":
        return new FlightObservation(activity, {
          name: this.#counts.name,
          clientId: this.#clientId,
          assertionKind: this.#assertionKind,
          first: this.#boarding,
        });
      default:
        return new SpanObservation(undefined, contextOfCaller(undefined));
    }
  }

  note(_event: AcquisitionEvent): void {}

  #beginAcquisition(activity: Activity & { type: "acquisition" }): Observation {
    const observation = new AcquisitionObservation(activity, {
      counts: this.#counts,
      clientId: this.#clientId,
      onBoarded: () => {
        if (this.#boarding === observation) this.#boarding = undefined;
      },
    });
    this.#boarding = observation;
    return observation;
  }

  #span(source: "cache" | "stale_cache", token: CachedToken, callerContext: unknown): void {
    const now = performance.now();
    const span = startSpan("ClientAssertionCredential.getToken", {
      parent: contextOfCaller(callerContext),
      startTime: now,
      attributes: {
        "entra.credential.name": this.#counts.name,
        "entra.credential.token.source": source,
        "entra.credential.token.resource": token.resource,
        "entra.tenant.id": token.tenantId,
        "entra.client.id": this.#clientId,
        "azure.resource_provider.namespace": "Microsoft.AAD",
      },
    });
    span?.end(now);
  }
}

import type { Activity, Outcome } from "../core/events.ts";
import type { Observation } from "../core/ports.ts";
import type { NamedCounts } from "../telemetry/acquisition-counts.ts";
import { errorType } from "../telemetry/error-type.ts";
import { FlightObservation } from "./otel-flight.ts";
import { record, refreshInstruments } from "./otel-metrics.ts";
import { SpanObservation } from "./otel-span-observation.ts";
import { contextOfCaller, markFailed, startSpan } from "./otel-spans.ts";

export interface AcquisitionParts {
  readonly counts: NamedCounts;
  readonly clientId: string;
  /** Called when the call has joined a flight or ended. */
  readonly onBoarded: () => void;
}

/** A call that was not answered at once. */
export class AcquisitionObservation extends SpanObservation {
  readonly #parts: AcquisitionParts;
  #waited = false;

  constructor(activity: Activity & { type: "acquisition" }, parts: AcquisitionParts) {
    const { tenantId, resource } = activity;
    const parent = contextOfCaller(activity.callerContext);
    const span = startSpan("ClientAssertionCredential.getToken", {
      parent,
      attributes: {
        "entra.credential.name": parts.counts.name,
        "entra.tenant.id": tenantId,
        "entra.client.id": parts.clientId,
        "azure.resource_provider.namespace": "Microsoft.AAD",
        ...(resource === undefined ? {} : { "entra.credential.token.resource": resource }),
      },
    });
    super(span, parent);
    this.#parts = parts;
  }

  override joined(flight: Observation): void {
    this.#parts.onBoarded();
    this.#waited = true;
    if (!(flight instanceof FlightObservation)) return;
    flight.boarded(this);
    this.span?.addLinks(flight.links());
  }

  protected override conclude(outcome: Outcome, seconds: number): void {
    const { counts, onBoarded } = this.#parts;
    onBoarded();
    const source = outcome.type === "acquired" ? outcome.source : "none";
    const failure = outcome.type === "failed" ? errorType(outcome.error) : undefined;

    if (failure === undefined) counts.ended[source] += 1;
    else counts.failed(failure);
    refreshInstruments();
    if (this.#waited) {
      record("entra.credential.token.acquisition.duration", seconds, {
        "entra.credential.name": counts.name,
        "entra.credential.token.source": source,
        ...(failure === undefined ? {} : { "error.type": failure }),
      });
    }
    this.span?.setAttribute("entra.credential.token.source", source);
    if (outcome.type === "failed") markFailed(this.span, outcome.error);
  }
}

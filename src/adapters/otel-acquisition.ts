import type { Activity, Outcome } from "../core/events.ts";
import type { Observation } from "../core/ports.ts";
import type { CredentialError } from "../domain/errors.ts";
import type { NamedCounts } from "../telemetry/acquisition-counts.ts";
import { errorType } from "../telemetry/error-type.ts";
import type { ErrorType } from "../telemetry/registry-types.ts";
import { FlightObservation } from "./otel-flight.ts";
import { record, refreshInstruments } from "./otel-metrics.ts";
import { SpanObservation } from "./otel-span-observation.ts";
import { contextOfCaller, linkTo, markFailed, startSpan } from "./otel-spans.ts";

export interface AcquisitionParts {
  readonly counts: NamedCounts;
  readonly clientId: string;
  /** Told when the call waits for a flight or has ended. */
  readonly onBoarded: (call: AcquisitionObservation) => void;
}

/** A call that was not answered at once. */
export class AcquisitionObservation extends SpanObservation {
  readonly #parts: AcquisitionParts;
  #waited = false;

  constructor(activity: Activity & { type: "acquisition" }, parts: AcquisitionParts) {
    const parent = contextOfCaller(activity.callerContext);
    const span = startSpan("ClientAssertionCredential.getToken", {
      parent,
      attributes: {
        "entra.credential.name": parts.counts.name,
        "entra.tenant.id": activity.tenantId,
        "entra.client.id": parts.clientId,
        "azure.resource_provider.namespace": "Microsoft.AAD",
        ...(activity.resource === "" ? {} : { "entra.credential.token.resource": activity.resource }),
      },
    });
    super(span, parent);
    this.#parts = parts;
  }

  override joined(flight: Observation): void {
    this.#parts.onBoarded(this);
    if (!(flight instanceof FlightObservation)) return;
    this.#waited = true;
    this.span?.addLinks(flight.boarded(this.span));
  }

  protected override conclude(outcome: Outcome, seconds: number): void {
    this.#parts.onBoarded(this);
    const failure = outcome.type === "failed" ? errorType(outcome.error) : undefined;
    this.#count(outcome, failure, seconds);

    const source = sourceOf(outcome);
    this.span?.setAttribute("entra.credential.token.source", source);
    if (outcome.type === "failed" && this.span) markFailed(this.span, outcome.error, errorType(outcome.error));
  }
}

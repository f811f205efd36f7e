import type { Acquisition, AcquisitionOutcome } from "../core/events.ts";
import type { AcquisitionObservation, FlightObservation } from "../core/ports.ts";
import { errorType } from "../telemetry/error-type.ts";
import type { Series } from "../telemetry/series.ts";
import { OtelFlight } from "./otel-flight.ts";
import { record, refreshInstruments } from "./otel-instruments.ts";
import { SpanObservation } from "./otel-span-observation.ts";
import { contextOfCaller, markFailed, startSpan } from "./otel-spans.ts";
import type { OtelSubject } from "./otel-subject.ts";

/** A call that was not answered at once. */
export class OtelAcquisition
  extends SpanObservation<AcquisitionOutcome>
  implements AcquisitionObservation
{
  readonly #subject: OtelSubject;
  readonly #series: Series;
  readonly #onBoarded: () => void;
  #waited = false;
  #flight: OtelFlight | undefined;

  /** @param onBoarded Called when the call has joined a flight or ended. */
  constructor(about: Acquisition, subject: OtelSubject, onBoarded: () => void) {
    const parent = contextOfCaller(about.callerContext);
    const name = "ClientAssertionCredential.getToken";
    const attributes = subject.spanAttributes(about);
    const span = subject.spansCalls ? startSpan(name, { parent, attributes }) : undefined;
    super(span, parent);
    this.#subject = subject;
    this.#series = subject.series(about);
    this.#onBoarded = onBoarded;
    subject.decorate(span, { ...about, operation: "getToken" });
  }

  joined(flight: FlightObservation): void {
    this.#onBoarded();
    if (!this.#waited) this.#subject.named.active.waiting += 1;
    this.#waited = true;
    // A call whose short wait is over may go on waiting for the same flight.
    if (!(flight instanceof OtelFlight) || flight === this.#flight) return;
    this.#flight = flight;
    flight.boarded(this);
    this.span?.addLinks(flight.links());
  }

  protected override conclude(outcome: AcquisitionOutcome, seconds: number): void {
    this.#onBoarded();
    if (this.#waited) this.#subject.named.active.waiting -= 1;
    const source = outcome.type === "acquired" ? outcome.source : "none";
    const failure = outcome.type === "failed" ? errorType(outcome.error) : undefined;

    if (failure === undefined) this.#series.ended[source] += 1;
    else this.#series.failed(failure);
    this.span?.setAttribute("entra.credential.token.source", source);
    if (outcome.type === "failed") markFailed(this.span, outcome.error);
    refreshInstruments();
    if (!this.#waited) return;
    record("entra.credential.token.acquisition.duration", seconds, {
      ...this.#series.attributes,
      "entra.credential.token.source": source,
      ...(failure === undefined ? {} : { "error.type": failure }),
    });
  }
}

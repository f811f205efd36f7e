import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import type {
  AssertionOutcome,
  AttemptFacts,
  AttemptOutcome,
  FlightEvent,
  FlightFacts,
  FlightOutcome,
} from "../core/events.ts";
import type { FlightObservation, Observation } from "../core/ports.ts";
import { errorType } from "../telemetry/error-type.ts";
import { MAX_WAITER_LINKS } from "../telemetry/registry.ts";
import type { Series } from "../telemetry/series.ts";
import { OtelAssertion } from "./otel-assertion.ts";
import { OtelAttempt } from "./otel-attempt.ts";
import { OtelFlightNotes } from "./otel-flight-notes.ts";
import { record } from "./otel-instruments.ts";
import { SpanObservation } from "./otel-span-observation.ts";
import { linkTo, markFailed, startSpan } from "./otel-spans.ts";
import type { OtelSubject } from "./otel-subject.ts";

/** A flight: the root of its own trace, since it belongs to none of its callers. */
export class OtelFlight extends SpanObservation<FlightOutcome> implements FlightObservation {
  readonly #about: FlightFacts;
  readonly #subject: OtelSubject;
  readonly #series: Series;
  readonly #notes: OtelFlightNotes;
  readonly #first: SpanObservation<unknown> | undefined;
  #waiters = 0;
  #links: number;
  #posts = 0;
  #serviceRequestId: string | undefined;

  /** @param first The call the flight was begun for; none for one that is begun behind its caller. */
  constructor(
    about: FlightFacts,
    subject: OtelSubject,
    first: SpanObservation<unknown> | undefined,
  ) {
    // At the creation, since a sampler sees no later link.
    const links = first?.links() ?? linkTo(trace.getActiveSpan());
    const span = startSpan("entra.credential.refresh", {
      parent: ROOT_CONTEXT,
      links,
      attributes: {
        ...subject.spanAttributes(about),
        "entra.credential.refresh.trigger": about.trigger,
        "entra.correlation.id": about.correlationId,
      },
    });
    super(span, ROOT_CONTEXT);
    this.#about = about;
    this.#subject = subject;
    this.#series = subject.series(about);
    this.#notes = new OtelFlightNotes({
      about,
      subject,
      series: this.#series,
      context: this.context,
    });
    this.#first = first;
    this.#links = links.length;
    subject.named.active.refreshing += 1;
    subject.decorate(span, { ...about, operation: "refresh" });
  }

  /** A call waits for the flight. */
  boarded(call: SpanObservation<unknown>): void {
    this.#waiters += 1;
    if (call === this.#first || this.#links >= MAX_WAITER_LINKS) return;
    const links = call.links();
    this.span?.addLinks(links);
    this.#links += links.length;
  }

  beginAssertion(): Observation<AssertionOutcome> {
    return new OtelAssertion(this.#subject, this.context);
  }

  beginAttempt(about: AttemptFacts): Observation<AttemptOutcome> {
    this.#posts += 1;
    const { settings } = this.#subject.credential;
    return new OtelAttempt(about, {
      correlationId: this.#about.correlationId,
      parent: this.context,
      identifiers: settings.identifiers,
      httpClientMetric: settings.httpClientMetric,
      onAnswered: (id) => {
        this.#serviceRequestId = id;
      },
    });
  }

  note(event: FlightEvent): void {
    this.#notes.note(event);
  }

  protected override conclude(outcome: FlightOutcome, seconds: number): void {
    this.#subject.named.active.refreshing -= 1;
    const attempts = Math.max(attemptsOf(outcome), this.#posts);
    this.span?.setAttributes({
      "entra.credential.refresh.waiter_count": this.#waiters,
      "entra.credential.refresh.attempt_count": attempts,
    });
    if (outcome.type === "abandoned") return;

    if (outcome.type === "failed") markFailed(this.span, outcome.error);
    const failure = outcome.type === "failed" ? errorType(outcome.error) : undefined;
    record("entra.credential.token.refresh.duration", seconds, {
      ...this.#series.attributes,
      "entra.credential.refresh.trigger": this.#about.trigger,
      ...(failure === undefined ? {} : { "error.type": failure }),
    });
    this.#notes.ended(outcome, {
      attempts,
      posts: this.#posts,
      serviceRequestId: this.#serviceRequestId,
    });
  }
}

// An attempt that was under way when the flight ended has not been reported.
function attemptsOf(outcome: FlightOutcome): number {
  if (outcome.type === "issued") return outcome.attempts;
  return outcome.type === "failed" ? outcome.error.attempts.length : 0;
}

import { type Context, context, type Link, type Span, trace } from "@opentelemetry/api";
import type { AcquisitionEvent, Activity, Outcome } from "../core/events.ts";
import type { Observation } from "../core/ports.ts";
import { linkTo } from "./otel-spans.ts";

/**
 * An activity seen as a span, from its begin to its end; kinds of activities say what their end
 * means. Without a tracer provider there is no span, and only what the kind does remains.
 */
export class SpanObservation implements Observation {
  protected readonly span: Span | undefined;
  /** What the activity's work runs in. */
  protected readonly context: Context;
  readonly #startedAt = performance.now();
  #ended = false;

  constructor(span: Span | undefined, parent: Context) {
    this.span = span;
    this.context = span === undefined ? parent : trace.setSpan(parent, span);
  }

  /** The link to the activity; none when it has no span. */
  links(): Link[] {
    return linkTo(this.span);
  }

  begin(_activity: Activity): Observation {
    return new SpanObservation(undefined, this.context);
  }

  within<T>(work: () => T): T {
    return context.with(this.context, work);
  }

  note(_event: AcquisitionEvent): void {}

  joined(_flight: Observation): void {}

  end(outcome: Outcome): void {
    if (this.#ended) return;
    this.#ended = true;
    const seconds = (performance.now() - this.#startedAt) / 1_000;
    try {
      this.conclude(outcome, seconds);
    } finally {
      this.span?.end();
    }
  }

  /** Says on span and metrics how the activity ended. */
  protected conclude(_outcome: Outcome, _seconds: number): void {}
}

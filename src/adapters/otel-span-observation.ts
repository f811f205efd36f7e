import { type Context, context, type Link, type Span, trace } from "@opentelemetry/api";
import type { Observation } from "../core/ports.ts";
import { linkTo } from "./otel-spans.ts";

/**
 * An activity seen as a span, from its begin to its end; kinds of activities say what their end
 * means. Without a tracer provider there is no span, and only what the kind does remains.
 */
export abstract class SpanObservation<Outcome> implements Observation<Outcome> {
  protected readonly span: Span | undefined;
  /** What the activity's work runs in. */
  protected readonly context: Context;
  readonly #startedAt = performance.now();
  #ended = false;

  constructor(span: Span | undefined, parent: Context) {
    this.span = span;
    this.context = span === undefined ? parent : trace.setSpan(parent, span);
  }

  /** The link to the activity, or to what it is a part of when it has no span of its own. */
  links(): Link[] {
    return linkTo(trace.getSpan(this.context));
  }

  within<T>(work: () => T): T {
    return context.with(this.context, work);
  }

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

  /** Says on span, metrics and logs how the activity ended. */
  protected abstract conclude(outcome: Outcome, seconds: number): void;
}

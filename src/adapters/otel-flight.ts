import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import type { Activity, Outcome } from "../core/events.ts";
import type { Observation } from "../core/ports.ts";
import type { AssertionKind } from "../domain/assertion.ts";
import { errorType } from "../telemetry/error-type.ts";
import { MAX_WAITER_LINKS } from "../telemetry/registry.ts";
import { AssertionObservation } from "./otel-assertion.ts";
import { AttemptObservation } from "./otel-attempt.ts";
import { record } from "./otel-metrics.ts";
import { SpanObservation } from "./otel-span-observation.ts";
import { linkTo, markFailed, startSpan } from "./otel-spans.ts";

export interface FlightParts {
  /** The credential's name as it is reported. */
  readonly name: string;
  readonly clientId: string;
  readonly assertionKind: AssertionKind;
  /** The call the flight was begun for; none for one that is begun behind its caller. */
  readonly first: SpanObservation | undefined;
}

/** A flight: the root of its own trace, since it belongs to none of its callers. */
export class FlightObservation extends SpanObservation {
  readonly #parts: FlightParts;
  readonly #activity: Activity & { type: "flight" };
  #waiters = 0;
  #links: number;
  #posts = 0;

  constructor(activity: Activity & { type: "flight" }, parts: FlightParts) {
    // At the creation, since a sampler sees no later link.
    const links = parts.first?.links() ?? linkTo(trace.getActiveSpan());
    const span = startSpan("entra.credential.refresh", {
      parent: ROOT_CONTEXT,
      links,
      attributes: {
        "entra.credential.name": parts.name,
        "entra.credential.token.resource": activity.resource,
        "entra.credential.refresh.trigger": activity.trigger,
        "entra.tenant.id": activity.tenantId,
        "entra.client.id": parts.clientId,
        "entra.correlation.id": activity.correlationId,
        "azure.resource_provider.namespace": "Microsoft.AAD",
      },
    });
    super(span, ROOT_CONTEXT);
    this.#parts = parts;
    this.#activity = activity;
    this.#links = links.length;
  }

  /** A call waits for the flight. */
  boarded(call: SpanObservation): void {
    this.#waiters += 1;
    if (call === this.#parts.first || this.#links >= MAX_WAITER_LINKS) return;
    const links = call.links();
    this.span?.addLinks(links);
    this.#links += links.length;
  }

  override begin(activity: Activity): Observation {
    if (activity.type === "assertion") {
      const { name, assertionKind } = this.#parts;
      return new AssertionObservation({ name, assertionKind, parent: this.context });
    }
    if (activity.type === "attempt") {
      this.#posts += 1;
      const { correlationId } = this.#activity;
      return new AttemptObservation(activity, { correlationId, parent: this.context });
    }
    return super.begin(activity);
  }

  protected override conclude(outcome: Outcome, seconds: number): void {
    this.span?.setAttributes({
      "entra.credential.refresh.waiter_count": this.#waiters,
      "entra.credential.refresh.attempt_count": Math.max(attemptsOf(outcome), this.#posts),
    });
    if (outcome.type === "abandoned") return;

    const failure = outcome.type === "failed" ? errorType(outcome.error) : undefined;
    record("entra.credential.token.refresh.duration", seconds, {
      "entra.credential.name": this.#parts.name,
      "entra.credential.refresh.trigger": this.#activity.trigger,
      ...(failure === undefined ? {} : { "error.type": failure }),
    });
    if (outcome.type === "failed") markFailed(this.span, outcome.error);
  }
}

// An attempt that was under way when the flight ended has not been reported.
function attemptsOf(outcome: Outcome): number {
  if (outcome.type === "issued") return outcome.attempts;
  return outcome.type === "failed" ? outcome.error.attempts.length : 0;
}

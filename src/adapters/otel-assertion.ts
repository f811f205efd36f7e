import type { Context } from "@opentelemetry/api";
import type { AssertionOutcome } from "../core/events.ts";
import { errorType } from "../telemetry/error-type.ts";
import { record } from "./otel-instruments.ts";
import { SpanObservation } from "./otel-span-observation.ts";
import { markFailed, startChild } from "./otel-spans.ts";
import type { OtelSubject } from "./otel-subject.ts";

/** One call for an assertion. What the source does, such as asking a key vault, belongs under it. */
export class OtelAssertion extends SpanObservation<AssertionOutcome> {
  readonly #subject: OtelSubject;

  /** @param flight The flight's context. */
  constructor(subject: OtelSubject, flight: Context) {
    const span = startChild("entra.credential.assertion", {
      parent: flight,
      attributes: {
        "entra.credential.name": subject.named.name,
        "entra.credential.assertion.kind": subject.credential.assertionKind,
        "azure.resource_provider.namespace": "Microsoft.AAD",
      },
    });
    super(span, flight);
    this.#subject = subject;
  }

  protected override conclude(outcome: AssertionOutcome, seconds: number): void {
    if (outcome.type === "abandoned") return;
    const failure = outcome.type === "failed" ? errorType(outcome.error) : undefined;
    if (outcome.type === "failed") markFailed(this.span, outcome.error);
    record("entra.credential.assertion.duration", seconds, {
      "entra.credential.name": this.#subject.named.name,
      "entra.credential.assertion.kind": this.#subject.credential.assertionKind,
      ...(failure === undefined ? {} : { "error.type": failure }),
    });
    if (failure === undefined) this.#subject.noticeCertificate();
  }
}

import type { Context } from "@opentelemetry/api";
import type { Outcome } from "../core/events.ts";
import type { AssertionKind } from "../domain/assertion.ts";
import { SpanObservation } from "./otel-span-observation.ts";
import { markFailed, startChild } from "./otel-spans.ts";

export interface AssertionParts {
  /** The credential's name as it is reported. */
  readonly name: string;
  readonly assertionKind: AssertionKind;
  /** The flight's context. */
  readonly parent: Context;
}

/** One call for an assertion. What the source does, such as asking a key vault, belongs under it. */
export class AssertionObservation extends SpanObservation {
  constructor({ name, assertionKind, parent }: AssertionParts) {
    const span = startChild("entra.credential.assertion", {
      parent,
      attributes: {
        "entra.credential.name": name,
        "entra.credential.assertion.kind": assertionKind,
        "azure.resource_provider.namespace": "Microsoft.AAD",
      },
    });
    super(span, parent);
  }

  protected override conclude(outcome: Outcome): void {
    if (outcome.type === "failed") markFailed(this.span, outcome.error);
  }
}

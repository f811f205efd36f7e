import { type Context, context, createContextKey, SpanStatusCode } from "@opentelemetry/api";
import type { Activity, Outcome } from "../core/events.ts";
import { httpErrorType } from "../telemetry/error-type.ts";
import type { AttributeValues } from "../telemetry/registry-types.ts";
import { record } from "./otel-metrics.ts";
import { SpanObservation } from "./otel-span-observation.ts";
import { errorAttributes, startChild } from "./otel-spans.ts";

// The key by which the SDK and its propagators recognize work that is not to be traced.
const SUPPRESS_TRACING = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ["https:", 443],
  ["http:", 80],
]);

// Entra's are GUIDs; what else a header holds is nobody's id.
const REQUEST_ID = /^[0-9A-Za-z-]{1,64}$/;

export interface AttemptParts {
  readonly correlationId: string;
  /** The flight's context. */
  readonly parent: Context;
}

/** One token request, as the HTTP conventions describe a client's. */
export class AttemptObservation extends SpanObservation {
  readonly #server: AttributeValues<"server.address" | "server.port">;

  constructor(activity: Activity & { type: "attempt" }, { correlationId, parent }: AttemptParts) {
    const url = new URL(activity.url);
    const server = serverOf(url);
    const span = startChild("POST", {
      parent,
      attributes: {
        "http.request.method": "POST",
        ...server,
        "url.full": `${url.origin}${url.pathname}`,
        "entra.correlation.id": correlationId,
        "azure.resource_provider.namespace": "Microsoft.AAD",
        ...(activity.attempt > 1 ? { "http.request.resend_count": activity.attempt - 1 } : {}),
      },
    });
    super(span, parent);
    this.#server = server;
  }

  // An instrumented HTTP client would make the same span again and send a traceparent.
  override within<T>(work: () => T): T {
    return context.with(this.context.setValue(SUPPRESS_TRACING, true), work);
  }

  protected override conclude(outcome: Outcome, seconds: number): void {
    const answer = outcome.type === "answered" ? outcome : undefined;
    const error = answer?.error ?? (outcome.type === "failed" ? outcome.error : undefined);
    const status = answer && { "http.response.status_code": answer.statusCode };
    const failure = error && httpErrorType(error, answer?.statusCode);

    record("entra.credential.authority.request.duration", seconds, {
      "http.request.method": "POST",
      ...this.#server,
      ...status,
      ...(failure === undefined ? {} : { "error.type": failure }),
    });
    this.span?.setAttributes({ ...status, ...requestIdOf(answer?.serviceRequestId) });
    if (error === undefined || failure === undefined) return;
    this.span?.setAttributes(errorAttributes(error, failure));
    // Where there is a status, it says what a message would.
    const message = answer === undefined ? { message: error.code } : {};
    this.span?.setStatus({ code: SpanStatusCode.ERROR, ...message });
  }
}

function serverOf({
  hostname,
  port,
  protocol,
}: URL): AttributeValues<"server.address" | "server.port"> {
  return {
    // The conventions write an IPv6 address without its brackets.
    "server.address": hostname.replace(/^\[(.*)\]$/, "$1"),
    "server.port": port === "" ? (DEFAULT_PORTS.get(protocol) ?? 443) : Number(port),
  };
}

function requestIdOf(id: string | undefined): AttributeValues<"azure.service.request.id"> {
  return id !== undefined && REQUEST_ID.test(id) ? { "azure.service.request.id": id } : {};
}

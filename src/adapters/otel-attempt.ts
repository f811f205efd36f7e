import { type Context, SpanStatusCode } from "@opentelemetry/api";
import type { AttemptFacts, AttemptOutcome } from "../core/events.ts";
import { httpErrorType } from "../telemetry/error-type.ts";
import type { AttributeValues } from "../telemetry/registry-types.ts";
import { serverAttributes } from "../telemetry/server-attributes.ts";
import { record } from "./otel-instruments.ts";
import { SpanObservation } from "./otel-span-observation.ts";
import { errorAttributes, startChild } from "./otel-spans.ts";
import { untraced } from "./otel-suppression.ts";

// Entra's are GUIDs; what else a header holds is nobody's id, and may be a secret that was echoed.
const REQUEST_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface AttemptParts {
  readonly correlationId: string;
  /** The flight's context. */
  readonly parent: Context;
  /** Whether the tenant may be named. */
  readonly identifiers: boolean;
  /** Whether the time is also recorded under the standard name. */
  readonly httpClientMetric: boolean;
  /** Told the authority's own id of the request. */
  readonly onAnswered: (serviceRequestId: string | undefined) => void;
}

/** One token request, as the HTTP conventions describe a client's. */
export class OtelAttempt extends SpanObservation<AttemptOutcome> {
  readonly #parts: AttemptParts;
  readonly #server: AttributeValues<"server.address" | "server.port">;

  constructor({ attempt, url: address }: AttemptFacts, parts: AttemptParts) {
    const url = new URL(address);
    const server = serverAttributes(url);
    const span = startChild("POST", {
      parent: parts.parent,
      attributes: {
        "http.request.method": "POST",
        ...server,
        "url.full": `${url.origin}${parts.identifiers ? url.pathname : withoutTenant(url.pathname)}`,
        "entra.correlation.id": parts.correlationId,
        "azure.resource_provider.namespace": "Microsoft.AAD",
        ...(attempt > 1 ? { "http.request.resend_count": attempt - 1 } : {}),
      },
    });
    super(span, parts.parent);
    this.#parts = parts;
    this.#server = server;
  }

  override within<T>(work: () => T): T {
    return untraced(this.context, work);
  }

  protected override conclude(outcome: AttemptOutcome, seconds: number): void {
    const answer = outcome.type === "answered" ? outcome : undefined;
    const error = answer?.error ?? (outcome.type === "failed" ? outcome.error : undefined);
    const status = answer && { "http.response.status_code": answer.statusCode };
    const failure = error && httpErrorType(error, answer?.statusCode);
    const requestId = requestIdOf(answer?.serviceRequestId);

    this.#parts.onAnswered(requestId);
    this.span?.setAttributes({
      ...status,
      ...(requestId === undefined ? {} : { "azure.service.request.id": requestId }),
    });
    if (error !== undefined && failure !== undefined) {
      this.span?.setAttributes(errorAttributes(error, failure));
      // Where there is a status, it says what a message would.
      const message = answer === undefined ? { message: error.code } : {};
      this.span?.setStatus({ code: SpanStatusCode.ERROR, ...message });
    }
    this.#record(seconds, {
      ...status,
      ...(failure === undefined ? {} : { "error.type": failure }),
    });
  }

  #record(
    seconds: number,
    result: AttributeValues<"http.response.status_code" | "error.type">,
  ): void {
    const attributes = { "http.request.method": "POST", ...this.#server, ...result } as const;
    record("entra.credential.authority.request.duration", seconds, attributes);
    if (this.#parts.httpClientMetric) record("http.client.request.duration", seconds, attributes);
  }
}

function requestIdOf(id: string | undefined): string | undefined {
  return id !== undefined && REQUEST_ID.test(id) ? id : undefined;
}

// The word that the conventions have for what is left out of a URL.
function withoutTenant(pathname: string): string {
  return pathname.replace(/^.*(?=\/oauth2\/)/, "/REDACTED");
}

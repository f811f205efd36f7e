import type { AttributeValues, ErrorType, EventAttributes } from "./registry-types.ts";
import { inSeconds, spell } from "./spell.ts";
import type { TelemetryEvent } from "./telemetry-event.ts";

/** What the events of one flight share. */
type FlightAttributes = EventAttributes<"entra.credential.token.refresh.retry_scheduled">;

/** One flight, as its events tell it. */
export interface ToldFlight {
  readonly attributes: FlightAttributes;
  readonly resource: string;
  readonly trigger: "on_demand" | "proactive" | "claims_challenge" | "forced";
  readonly context: unknown;
}

export function refreshCompleted(
  { attributes, resource, trigger, context }: ToldFlight,
  { attempts, lastsMs }: { readonly attempts: number; readonly lastsMs: number },
): TelemetryEvent<"entra.credential.token.refresh.completed"> {
  const tries = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
  return {
    name: "entra.credential.token.refresh.completed",
    severity: "INFO",
    context,
    attributes: {
      ...attributes,
      "entra.credential.refresh.trigger": trigger,
      "entra.credential.refresh.attempt_count": attempts,
      "entra.credential.token.expires_in": inSeconds(lastsMs),
    },
    line: `got a token for ${resource} (${trigger}, ${tries}); it lasts ${spell(lastsMs)}`,
  };
}

export interface RefreshFailure {
  readonly errorType: ErrorType;
  readonly entraCode: number | undefined;
  readonly serviceRequestId: string | undefined;
  readonly attempts: number;
  /** How long the token that remains lasts; undefined when none does. */
  readonly remainsMs: number | undefined;
}

export function refreshFailed(
  { attributes, resource, trigger, context }: ToldFlight,
  failure: RefreshFailure,
): TelemetryEvent<"entra.credential.token.refresh.failed"> {
  const { errorType, entraCode, serviceRequestId, attempts, remainsMs } = failure;
  const code = entraCode === undefined ? "" : `, AADSTS${entraCode}`;
  const remains =
    remainsMs === undefined
      ? "there is no token to serve"
      : `the token there is lasts another ${spell(remainsMs)}`;
  return {
    name: "entra.credential.token.refresh.failed",
    severity: remainsMs === undefined ? "ERROR" : "WARN",
    context,
    attributes: {
      ...attributes,
      "entra.credential.refresh.trigger": trigger,
      "entra.credential.refresh.attempt_count": attempts,
      "error.type": errorType,
      ...(entraCode === undefined ? {} : { "entra.error.code": entraCode }),
      ...(serviceRequestId === undefined ? {} : { "azure.service.request.id": serviceRequestId }),
      ...(remainsMs === undefined
        ? {}
        : { "entra.credential.token.expires_in": inSeconds(remainsMs) }),
    },
    line: `no new token for ${resource} (${trigger}): ${errorType}${code}; ${remains}`,
  };
}

export function retryScheduled(
  { attributes, resource, context }: ToldFlight,
  retry: {
    readonly reason: NonNullable<
      AttributeValues<"entra.credential.retry.reason">["entra.credential.retry.reason"]
    >;
    readonly delayMs: number;
  },
): TelemetryEvent<"entra.credential.token.refresh.retry_scheduled"> {
  const { reason, delayMs } = retry;
  return {
    name: "entra.credential.token.refresh.retry_scheduled",
    severity: "DEBUG",
    context,
    attributes: {
      ...attributes,
      "entra.credential.retry.reason": reason,
      "entra.credential.retry.delay": inSeconds(delayMs),
    },
    line: `asks again for ${resource} in ${spell(delayMs)}: ${reason}`,
  };
}

export function throttled(
  { attributes, resource, context }: ToldFlight,
  told: { readonly server: string; readonly retryAfterMs: number },
): TelemetryEvent<"entra.credential.throttled"> {
  const { server, retryAfterMs } = told;
  return {
    name: "entra.credential.throttled",
    severity: "WARN",
    context,
    attributes: {
      ...attributes,
      "entra.credential.throttle.delay": inSeconds(retryAfterMs),
      "server.address": server,
    },
    line: `${server} wants to be left alone for ${spell(retryAfterMs)}, asked for ${resource}`,
  };
}

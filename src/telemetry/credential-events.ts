import type { AttributeValues, ErrorType } from "./registry-types.ts";
import { inSeconds, spell } from "./spell.ts";
import type { TelemetryEvent } from "./telemetry-event.ts";
import type { CircuitAttributes, CircuitState } from "./watched-circuits.ts";

type Value<
  N extends keyof AttributeValues<
    "entra.credential.cache.eviction.reason" | "entra.credential.assertion.kind"
  >,
> = NonNullable<AttributeValues<N>[N]>;

/** What every event of a credential says of it. */
export type CredentialAttributes = AttributeValues<"entra.credential.name" | "entra.client.id">;

/** The same, with the token the event is about. */
export type TokenAttributes = CredentialAttributes &
  AttributeValues<"entra.tenant.id" | "entra.credential.token.resource">;

export function staleServed(
  attributes: TokenAttributes,
  told: { readonly resource: string; readonly errorType: ErrorType; readonly lastsMs: number },
): TelemetryEvent<"entra.credential.token.stale_served"> {
  const { resource, errorType, lastsMs } = told;
  return {
    name: "entra.credential.token.stale_served",
    severity: "WARN",
    attributes: {
      ...attributes,
      "error.type": errorType,
      "entra.credential.token.expires_in": inSeconds(lastsMs),
    },
    line: `serves the old token for ${resource}, which lasts another ${spell(lastsMs)}: ${errorType}`,
  };
}

export function tokenEvicted(
  attributes: TokenAttributes,
  told: {
    readonly resource: string;
    readonly reason: Value<"entra.credential.cache.eviction.reason">;
  },
): TelemetryEvent<"entra.credential.cache.evicted"> {
  const { resource, reason } = told;
  return {
    name: "entra.credential.cache.evicted",
    severity: "DEBUG",
    attributes: { ...attributes, "entra.credential.cache.eviction.reason": reason },
    line: `let the token for ${resource} go: ${reason}`,
  };
}

export function clockSkewed(
  attributes: CredentialAttributes,
  told: { readonly server: string; readonly skewMs: number },
): TelemetryEvent<"entra.credential.clock_skew_detected"> {
  const { server, skewMs } = told;
  const way = skewMs > 0 ? "behind" : "ahead of";
  return {
    name: "entra.credential.clock_skew_detected",
    severity: "WARN",
    attributes: {
      ...attributes,
      "entra.credential.clock.skew": inSeconds(skewMs),
      "server.address": server,
    },
    line: `this machine's clock is ${spell(Math.abs(skewMs))} ${way} that of ${server}`,
  };
}

export function assertionExpiring(
  attributes: CredentialAttributes,
  told: {
    readonly kind: Value<"entra.credential.assertion.kind">;
    readonly lastsMs: number;
  },
): TelemetryEvent<"entra.credential.assertion.expiring"> {
  const { kind, lastsMs } = told;
  const end = lastsMs > 0 ? `expires in ${spell(lastsMs)}` : "has expired";
  return {
    name: "entra.credential.assertion.expiring",
    severity: "WARN",
    attributes: {
      ...attributes,
      "entra.credential.assertion.kind": kind,
      "entra.credential.assertion.expires_in": inSeconds(lastsMs),
    },
    line: `the certificate that signs the assertions ${end}: renew it`,
  };
}

export function circuitChanged(
  attributes: CircuitAttributes,
  state: CircuitState,
): TelemetryEvent<"entra.credential.circuit_breaker.state_changed"> {
  const { "server.address": server } = attributes;
  return {
    name: "entra.credential.circuit_breaker.state_changed",
    severity: state === "open" ? "WARN" : "INFO",
    attributes: { ...attributes, "entra.credential.circuit_breaker.state": state },
    line: `the circuit of ${server} is ${state.replace("_", " ")}`,
  };
}

export function duplicateInstances(): TelemetryEvent<"entra.credential.duplicate_instances"> {
  return {
    name: "entra.credential.duplicate_instances",
    severity: "WARN",
    attributes: {},
    line: "affiant is loaded more than once in this process: each copy has caches, flights and circuits of its own",
  };
}

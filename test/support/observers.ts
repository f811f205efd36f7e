import { OtelObserver } from "../../src/adapters/otel-observer.ts";
import { OtelSubject } from "../../src/adapters/otel-subject.ts";
import type { Acquisition, FlightFacts, FlightOutcome } from "../../src/core/events.ts";
import { CachedToken } from "../../src/domain/cached-token.ts";
import { parseTenant } from "../../src/domain/tenant.ts";
import type { TelemetrySettings } from "../../src/telemetry/telemetry-settings.ts";

/** A call as the core begins it. */
export const CALL: Acquisition = {
  tenantId: "tenant",
  resource: "resource",
  callerContext: undefined,
};

/** A flight as the core begins it. */
export const FLIGHT: FlightFacts = {
  trigger: "on_demand",
  tenantId: "tenant",
  resource: "resource",
  correlationId: "correlation",
  origin: "https://login.test",
};

/** A token whose life is told in milliseconds since 1970. */
export function cachedToken(times = { issuedAt: 0, refreshAt: 1, expiringAt: 2, expiresAt: 3 }) {
  return new CachedToken({
    token: "t",
    times,
    wallOffsetMs: 0,
    tenantId: parseTenant("contoso.example"),
    resource: "resource",
    plain: true,
  });
}

/** How a flight ends that went well. */
export const ISSUED: FlightOutcome = { type: "issued", attempts: 1, token: cachedToken() };

/** The observer of a credential, without the credential. */
export function observer(settings: Partial<TelemetrySettings> = {}): OtelObserver {
  return new OtelObserver(
    new OtelSubject({
      settings: {
        name: "port",
        spans: "all",
        identifiers: true,
        metricAttributes: [],
        spanAttributes: undefined,
        httpClientMetric: false,
        ...settings,
      },
      clientId: "client",
      assertionKind: "certificate",
      certificateExpiresOn: () => undefined,
      announce: () => {},
    }),
  );
}

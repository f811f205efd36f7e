import type { EventAttributes, EventName, EventSeverity } from "./registry-types.ts";

/** A log event on its way to whoever keeps logs. */
export interface TelemetryEvent<E extends EventName = EventName> {
  readonly name: E;
  readonly severity: EventSeverity<E>;
  readonly attributes: EventAttributes<E>;
  /** The same for a person: one line, without tenant and client. */
  readonly line: string;
  /** The tracing context it belongs to, opaque here. */
  readonly context?: unknown;
}

/** Takes an event to whoever keeps logs. */
export type Announce = <E extends EventName>(event: TelemetryEvent<E>) => void;

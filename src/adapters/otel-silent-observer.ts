import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import type {
  AcquisitionObservation,
  FlightObservation,
  Observation,
  Observer,
} from "../core/ports.ts";
import { untraced } from "./otel-suppression.ts";

const silence: Observation<unknown> = { within: (work) => work(), end: () => {} };
const silentAcquisition: AcquisitionObservation = { ...silence, joined: () => {} };
// What the authority must not be told, it is not told either when nothing is observed.
const silentAttempt: Observation<unknown> = {
  ...silence,
  within: (work) => untraced(context.active(), work),
};
const silentFlight: FlightObservation = {
  ...silence,
  // A flight belongs to none of its callers, and so to no trace of theirs.
  within: (work) => context.with(ROOT_CONTEXT, work),
  note: () => {},
  beginAssertion: () => silence,
  beginAttempt: () => silentAttempt,
};

/** Observes nothing: telemetry switched off. */
export const silentObserver: Observer = {
  served: () => {},
  beginAcquisition: () => silentAcquisition,
  beginFlight: () => silentFlight,
  note: () => {},
};

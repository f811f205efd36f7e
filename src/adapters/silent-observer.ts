import type {
  AcquisitionObservation,
  FlightObservation,
  Observation,
  Observer,
} from "../core/ports.ts";

const silence: Observation<unknown> = { within: (work) => work(), end: () => {} };
const silentAcquisition: AcquisitionObservation = { ...silence, joined: () => {} };
const silentFlight: FlightObservation = {
  ...silence,
  note: () => {},
  beginAssertion: () => silence,
  beginAttempt: () => silence,
};

/** Observes nothing: telemetry switched off. */
export const silentObserver: Observer = {
  served: () => {},
  beginAcquisition: () => silentAcquisition,
  beginFlight: () => silentFlight,
  note: () => {},
};

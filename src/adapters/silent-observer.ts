import type { Observation, Observer } from "../core/ports.ts";

const silentObservation: Observation = {
  begin: () => silentObservation,
  within: (work) => work(),
  note: () => {},
  joined: () => {},
  end: () => {},
};

/** Observes nothing: telemetry switched off. */
export const silentObserver: Observer = {
  served: () => {},
  begin: () => silentObservation,
  note: () => {},
};

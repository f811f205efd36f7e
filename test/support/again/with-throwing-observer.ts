import { afterAll, expect, vi } from "vitest";
import type { FlightObservation, Observer } from "../../../src/core/ports.ts";

// The behavior book once more, with an observer that throws on everything: the other implementation
// of the port, in the place of the one that is composed.
const thrown = vi.hoisted(() => ({ times: 0 }));

vi.mock("../../../src/adapters/otel-observer.ts", () => {
  function throwing(): never {
    thrown.times += 1;
    throw new Error("the observer is broken");
  }
  // A flight that is observed, so that each of its methods gets its turn to throw.
  const flight: FlightObservation = {
    within: throwing,
    end: throwing,
    note: throwing,
    beginAssertion: throwing,
    beginAttempt: throwing,
  };
  class OtelObserver implements Observer {
    served = throwing;
    beginAcquisition = throwing;
    beginFlight = () => flight;
    note = throwing;
  }
  return { OtelObserver };
});

afterAll(() => {
  expect(thrown.times, "the observer was asked and threw").toBeGreaterThan(0);
});

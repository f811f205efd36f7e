import { expect, test, vi } from "vitest";
import { guardedObserver } from "../../src/core/guarded-observer.ts";
import type { FlightObservation, Observer } from "../../src/core/ports.ts";
import { CALL, cachedToken, FLIGHT } from "../support/observers.ts";

const BROKEN = new Error("the observer is broken");

function throwing(): never {
  throw BROKEN;
}

const brokenFlight: FlightObservation = {
  within: throwing,
  note: throwing,
  beginAssertion: throwing,
  beginAttempt: throwing,
  end: throwing,
};

const broken: Observer = {
  served: throwing,
  beginAcquisition: throwing,
  beginFlight: () => brokenFlight,
  note: throwing,
};

function guarded(observer: Partial<Observer> = {}, onError: (error: unknown) => void = () => {}) {
  return guardedObserver({ ...broken, ...observer }, onError);
}

test("whatever an observer throws, work inside an observation runs once and its result comes back", () => {
  const observation = guarded().beginFlight(FLIGHT);
  const work = vi.fn(() => "result");

  expect(observation.within(work)).toBe("result");
  expect(work).toHaveBeenCalledTimes(1);
});

test("the work's own error comes back as it is, also from a healthy observer", () => {
  const error = new Error("the work's own");
  const healthy: FlightObservation = { ...brokenFlight, within: (work) => work() };
  const observer = guarded({ beginFlight: () => healthy });

  expect(() =>
    observer.beginFlight(FLIGHT).within(() => {
      throw error;
    }),
  ).toThrow(error);
});

test("an observer that throws after the work does not make it run again", () => {
  const tardy: FlightObservation = {
    ...brokenFlight,
    within: (work) => {
      work();
      return throwing();
    },
  };
  const work = vi.fn(() => "result");

  const observer = guarded({ beginFlight: () => tardy });

  expect(observer.beginFlight(FLIGHT).within(work)).toBe("result");
  expect(work).toHaveBeenCalledTimes(1);
});

test("an observer that throws on everything is silence, and each error is told", () => {
  const errors: unknown[] = [];
  const observer = guarded({}, (error) => errors.push(error));
  const call = observer.beginAcquisition(CALL);
  const flight = observer.beginFlight(FLIGHT);

  observer.served("cache", cachedToken(), undefined);
  observer.note({ type: "cache.evicted", token: cachedToken(), reason: "capacity" });
  flight.note({ type: "clock.skewed", skewMs: 1 });
  call.joined(flight);
  call.end({ type: "abandoned" });
  flight.beginAssertion().end({ type: "asserted" });
  flight.beginAttempt({ attempt: 1, url: "https://login.test" }).end({ type: "abandoned" });
  flight.end({ type: "abandoned" });

  expect(call.within(() => "result")).toBe("result");
  expect(errors).toEqual(Array.from({ length: 7 }, () => BROKEN));
});

test("an observation ends once", () => {
  const end = vi.fn();
  const observation = guarded({ beginFlight: () => ({ ...brokenFlight, end }) }).beginFlight(
    FLIGHT,
  );

  observation.end({ type: "abandoned" });
  observation.end({ type: "issued", attempts: 1, token: cachedToken() });

  expect(end).toHaveBeenCalledExactlyOnceWith({ type: "abandoned" });
});

test("a call joins the observer's own flight, not the guard around it", () => {
  const joined = vi.fn();
  const call = { within: throwing, end: throwing, joined };
  const observer = guarded({ beginAcquisition: () => call });

  observer.beginAcquisition(CALL).joined(observer.beginFlight(FLIGHT));

  expect(joined).toHaveBeenCalledExactlyOnceWith(brokenFlight);
});

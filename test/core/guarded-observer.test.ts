import { expect, test, vi } from "vitest";
import type { Activity } from "../../src/core/events.ts";
import { guardedObserver } from "../../src/core/guarded-observer.ts";
import type { Observation, Observer } from "../../src/core/ports.ts";

const ACTIVITY: Activity = { type: "assertion" };

function throwing(): never {
  throw new Error("the observer is broken");
}

const brokenObservation: Observation = {
  begin: throwing,
  within: throwing,
  note: throwing,
  joined: throwing,
  end: throwing,
};

const broken: Observer = { served: throwing, begin: () => brokenObservation, note: throwing };

test("whatever an observer throws, work inside an observation runs once and its result comes back", () => {
  const observation = guardedObserver(broken).begin(ACTIVITY);
  const work = vi.fn(() => "result");

  expect(observation.within(work)).toBe("result");
  expect(work).toHaveBeenCalledTimes(1);
});

test("the work's own error comes back as it is, also from a healthy observer", () => {
  const error = new Error("the work's own");
  const healthy: Observation = { ...brokenObservation, within: (work) => work() };
  const observer = guardedObserver({ ...broken, begin: () => healthy });

  expect(() =>
    observer.begin(ACTIVITY).within(() => {
      throw error;
    }),
  ).toThrow(error);
});

test("an observer that throws after the work does not make it run again", () => {
  const tardy: Observation = {
    ...brokenObservation,
    within: (work) => {
      work();
      return throwing();
    },
  };
  const work = vi.fn(() => "result");

  const observer = guardedObserver({ ...broken, begin: () => tardy });

  expect(observer.begin(ACTIVITY).within(work)).toBe("result");
  expect(work).toHaveBeenCalledTimes(1);
});

test("an observer that throws on everything else is silence", () => {
  const observer = guardedObserver({ ...broken, begin: throwing });
  const observation = observer.begin(ACTIVITY);

  observer.note({ type: "clock.skewed", skewMs: 1 });
  observation.note({ type: "clock.skewed", skewMs: 1 });
  observation.joined(observer.begin(ACTIVITY));
  observation.end({ type: "abandoned" });

  expect(observation.begin(ACTIVITY).within(() => "result")).toBe("result");
});

test("an observation ends once", () => {
  const end = vi.fn();
  const observer = guardedObserver({ ...broken, begin: () => ({ ...brokenObservation, end }) });
  const observation = observer.begin(ACTIVITY);

  observation.end({ type: "abandoned" });
  observation.end({ type: "asserted" });

  expect(end).toHaveBeenCalledExactlyOnceWith({ type: "abandoned" });
});

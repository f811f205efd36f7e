import type { Fault, FaultTimeline, TimedFault } from "./fault.ts";

/** A timeline that is being played. */
export interface FaultRun {
  /**
   * Resolves when nothing is left to happen: each fault has begun, and each that has an end has
   * ended. Those without one stay until `stop`. Resolves at once when the run is stopped, or the
   * authority closed. Never rejects.
   */
  readonly ended: Promise<void>;
  /** Ends what the timeline began and plays no more of it; may be called again. */
  stop(): void;
}

/** Begins a fault and returns what ends it. */
type Begin = (fault: Fault) => () => void;

/** Plays a timeline from now on. Its timers keep the process alive, as the authority's server does. */
export class TimelineRun implements FaultRun {
  readonly ended: Promise<void>;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #ends = new Set<() => void>();
  readonly #resolveEnded: () => void;

  constructor(timeline: FaultTimeline, begin: Begin) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#resolveEnded = resolve;
    for (const fault of timeline.faults) this.#plan(fault, begin);
    this.#settle();
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const end of this.#ends) end();
    this.#ends.clear();
    this.#settle();
  }

  // Timers for one and the same time go off in the order in which they were set: that of the list.
  #plan({ atS, forS, ...fault }: TimedFault, begin: Begin): void {
    let end = () => {};
    this.#at(atS, () => {
      end = begin(fault);
      this.#ends.add(end);
    });
    if (forS === undefined) return;
    this.#at(atS + forS, () => {
      end();
      this.#ends.delete(end);
    });
  }

  #at(seconds: number, act: () => void): void {
    // What happens at the start happens before the first request.
    if (seconds === 0) {
      act();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
      this.#settle();
    }, seconds * 1000);
    this.#timers.add(timer);
  }

  #settle(): void {
    if (this.#timers.size === 0) this.#resolveEnded();
  }
}

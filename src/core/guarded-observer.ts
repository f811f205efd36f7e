import type { AcquisitionEvent, Activity, Outcome } from "./events.ts";
import type { Observation, Observer } from "./ports.ts";

/** Stands between the core and an observer: what the observer throws is swallowed, and work it forgets is run. */
export function guardedObserver(observer: Observer): Observer {
  return {
    // Not quietly(): a hit makes no closure.
    served(source, token, callerContext): void {
      try {
        observer.served(source, token, callerContext);
      } catch {}
    },
    begin: (activity) => new GuardedObservation(quietly(() => observer.begin(activity))),
    note: (event) => quietly(() => observer.note(event)),
  };
}

class GuardedObservation implements Observation {
  readonly #observation: Observation | undefined;
  #ended = false;

  constructor(observation: Observation | undefined) {
    this.#observation = observation;
  }

  begin(activity: Activity): Observation {
    return new GuardedObservation(quietly(() => this.#observation?.begin(activity)));
  }

  // The work runs exactly once, whether the observer runs it, throws before, or forgets it.
  within<T>(work: () => T): T {
    let ran: { readonly value: T } | { readonly error: unknown } | undefined;
    quietly(() =>
      this.#observation?.within(() => {
        if (ran !== undefined) return;
        try {
          ran = { value: work() };
        } catch (error) {
          ran = { error };
        }
      }),
    );
    if (ran === undefined) return work();
    if ("error" in ran) throw ran.error;
    return ran.value;
  }

  note(event: AcquisitionEvent): void {
    quietly(() => this.#observation?.note(event));
  }

  joined(flight: Observation): void {
    if (!(flight instanceof GuardedObservation)) return;
    const inner = flight.#observation;
    if (inner !== undefined) quietly(() => this.#observation?.joined(inner));
  }

  end(outcome: Outcome): void {
    if (this.#ended) return;
    this.#ended = true;
    quietly(() => this.#observation?.end(outcome));
  }
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

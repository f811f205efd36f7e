import type {
  AcquisitionOutcome,
  AssertionOutcome,
  AttemptFacts,
  AttemptOutcome,
  FlightEvent,
  FlightOutcome,
} from "./events.ts";
import type { AcquisitionObservation, FlightObservation, Observation, Observer } from "./ports.ts";

/** Told of what an observer threw. */
type OnError = (error: unknown) => void;

/**
 * Stands between the core and an observer: what the observer throws is swallowed and told to
 * `onError`, which must not throw, and work it forgets is run.
 */
export function guardedObserver(observer: Observer, onError: OnError): Observer {
  return {
    // Not quietly(): a hit makes no closure.
    served(source, token, callerContext): void {
      try {
        observer.served(source, token, callerContext);
      } catch (error) {
        onError(error);
      }
    },
    beginAcquisition: (about) =>
      new GuardedAcquisition(
        quietly(() => observer.beginAcquisition(about), onError),
        onError,
      ),
    beginFlight: (about) =>
      new GuardedFlight(
        quietly(() => observer.beginFlight(about), onError),
        onError,
      ),
    note: (event) => quietly(() => observer.note(event), onError),
  };
}

class Guarded<Outcome, Inner extends Observation<Outcome> = Observation<Outcome>>
  implements Observation<Outcome>
{
  /** Undefined when the observer threw instead of making one. */
  readonly inner: Inner | undefined;
  protected readonly onError: OnError;
  #ended = false;

  constructor(inner: Inner | undefined, onError: OnError) {
    this.inner = inner;
    this.onError = onError;
  }

  // The work runs exactly once, whether the observer runs it, throws before, or forgets it.
  within<T>(work: () => T): T {
    let ran: { readonly value: T } | { readonly error: unknown } | undefined;
    this.quietly((inner) =>
      inner.within(() => {
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

  end(outcome: Outcome): void {
    if (this.#ended) return;
    this.#ended = true;
    this.quietly((inner) => inner.end(outcome));
  }

  protected quietly<T>(tell: (inner: Inner) => T): T | undefined {
    const { inner } = this;
    return inner === undefined ? undefined : quietly(() => tell(inner), this.onError);
  }
}

class GuardedAcquisition
  extends Guarded<AcquisitionOutcome, AcquisitionObservation>
  implements AcquisitionObservation
{
  joined(flight: FlightObservation): void {
    const inner = flight instanceof GuardedFlight ? flight.inner : undefined;
    if (inner !== undefined) this.quietly((call) => call.joined(inner));
  }
}

class GuardedFlight extends Guarded<FlightOutcome, FlightObservation> implements FlightObservation {
  note(event: FlightEvent): void {
    this.quietly((flight) => flight.note(event));
  }

  beginAssertion(): Observation<AssertionOutcome> {
    return new Guarded(
      this.quietly((flight) => flight.beginAssertion()),
      this.onError,
    );
  }

  beginAttempt(about: AttemptFacts): Observation<AttemptOutcome> {
    return new Guarded(
      this.quietly((flight) => flight.beginAttempt(about)),
      this.onError,
    );
  }
}

function quietly<T>(work: () => T, onError: OnError): T | undefined {
  try {
    return work();
  } catch (error) {
    onError(error);
    return undefined;
  }
}

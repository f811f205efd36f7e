import type { AttributeValues } from "./registry-types.ts";
import { sharedState } from "./shared-state.ts";

export type CircuitState = "closed" | "open" | "half_open";

/** What can be read of a guard: the part of the resilience port that telemetry needs. */
interface WatchableGuard {
  circuit(origin: string): { readonly state: CircuitState };
  retriesLeft?(origin: string): number | undefined;
  onCircuitChange(
    listener: (change: { readonly origin: string; readonly state: CircuitState }) => void,
  ): () => void;
}

/** The circuit of one origin as it is reported. */
export interface WatchedCircuit {
  readonly attributes: CircuitAttributes;
  state(): CircuitState;
  retriesLeft(): number | undefined;
}

export type CircuitAttributes = AttributeValues<
  "server.address" | "server.port" | "entra.credential.resilience.name"
>;

interface Watch {
  readonly attributes: CircuitAttributes;
  watchers: number;
  readonly stop: () => void;
}

// By guard and origin, and not by credential: a guard that many share is reported once. Weak, since
// a guard lives as long as those who use it.
const { watches, guards } = sharedState("circuits", () => ({
  watches: new WeakMap<WatchableGuard, Map<string, Watch>>(),
  guards: new Set<WeakRef<WatchableGuard>>(),
}));

/** One circuit to watch. */
export interface CircuitWatch {
  readonly guard: WatchableGuard;
  readonly origin: string;
  /** Asked of whoever watches first alone: a name that nobody reports must take no place. */
  readonly attributes: () => CircuitAttributes;
  /** Told of each change, once whoever watches. It must hold on to nobody who uses the guard. */
  readonly changed: (state: CircuitState, attributes: CircuitAttributes) => void;
}

/** Watches the circuit of an origin until the returned function is called, once by each who watches it. */
export function watchCircuit(parts: CircuitWatch): () => void {
  const { guard, origin } = parts;
  const origins = watches.get(guard) ?? begun(guard);
  const watch = origins.get(origin) ?? watchOf(parts);
  origins.set(origin, watch);
  watch.watchers += 1;
  return () => {
    watch.watchers -= 1;
    if (watch.watchers > 0) return;
    origins.delete(origin);
    watch.stop();
  };
}

/** The circuits that are watched. */
export function* watchedCircuits(): Generator<WatchedCircuit> {
  for (const reference of guards) {
    const guard = reference.deref();
    if (guard === undefined) {
      guards.delete(reference);
      continue;
    }
    for (const [origin, { attributes }] of watches.get(guard) ?? []) {
      yield {
        attributes,
        state: () => guard.circuit(origin).state,
        retriesLeft: () => guard.retriesLeft?.(origin),
      };
    }
  }
}

function watchOf({ guard, origin, attributes: describe, changed }: CircuitWatch): Watch {
  const attributes = describe();
  const stop = guard.onCircuitChange((change) => {
    if (change.origin === origin) changed(change.state, attributes);
  });
  return { attributes, watchers: 0, stop };
}

function begun(guard: WatchableGuard): Map<string, Watch> {
  const origins = new Map<string, Watch>();
  watches.set(guard, origins);
  guards.add(new WeakRef(guard));
  return origins;
}

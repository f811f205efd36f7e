/** A signal as the Azure SDKs pass it: theirs or the platform's, with or without a reason. */
export interface CallerSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

interface Listening {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

const listenings = new WeakMap<CallerSignal, Listening>();

/**
 * Calls back when the signal fires; returns how to stop listening.
 *
 * However many wait under one signal, as in the shutdown of a server, it gets one listener: Node
 * takes more than ten for a leak and warns.
 */
export function onAbort(signal: CallerSignal, callback: () => void): () => void {
  const listening = listenings.get(signal) ?? listenTo(signal);
  // Of its own, so that one function given twice is called twice.
  const own = () => callback();
  listening.callbacks.add(own);
  return () => {
    if (listening.callbacks.delete(own) && listening.callbacks.size === 0) stop(signal, listening);
  };
}

function listenTo(signal: CallerSignal): Listening {
  const callbacks = new Set<() => void>();
  const listener = () => {
    for (const callback of [...callbacks]) callback();
  };
  const listening = { callbacks, listener };
  signal.addEventListener("abort", listener);
  listenings.set(signal, listening);
  return listening;
}

function stop(signal: CallerSignal, { listener }: Listening): void {
  listenings.delete(signal);
  try {
    signal.removeEventListener("abort", listener);
  } catch {
    // A signal of somebody's own making; what it throws is no reason to lose a token.
  }
}

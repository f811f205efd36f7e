const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/**
 * Flushes when the process is told to end, then lets the signal do what it does without us: end the
 * process, as a rule. A second signal does not wait for the flush.
 *
 * Where somebody else listens to the signal, ending is their business: the flush runs beside it.
 */
export function flushOnSignals(flush: () => Promise<void>): void {
  const listener = (signal: NodeJS.Signals) => {
    // Before the others are called: some of them end the process only if nobody else listens.
    process.removeListener(signal, listener);
    const flushed = flush();
    if (process.listenerCount(signal) > 0) return;
    void flushed.then(() => setImmediate(() => process.kill(process.pid, signal)));
  };
  for (const signal of SIGNALS) process.prependListener(signal, listener);
}

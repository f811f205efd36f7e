/** The telemetry of a process. None of its methods ever rejects: what goes wrong is said through `diag`. */
export interface Telemetry extends AsyncDisposable {
  /** Sends what was not sent yet. Resolves when it has arrived or `flushTimeoutMs` have passed. */
  forceFlush(): Promise<void>;
  /**
   * Sends what was not sent yet and ends the SDK, within `flushTimeoutMs`. The application goes on
   * without telemetry; `startTelemetry` may start it anew.
   */
  shutdown(): Promise<void>;
}

/** Where nothing was started: switched off, or the SDK that is there is another's. */
export const NO_TELEMETRY: Telemetry = {
  forceFlush: async () => {},
  shutdown: async () => {},
  [Symbol.asyncDispose]: async () => {},
};

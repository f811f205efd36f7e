/**
 * How failures of the authority are endured. Durations in milliseconds; `false` switches a policy off.
 */
export interface ResilienceOptions {
  /**
   * The longest a flight lasts, in milliseconds: assertions, requests, waits and all. Without it a
   * caller waits as long as the other limits and the queue make it.
   *
   * @defaultValue 30_000: as long as somebody waits for a page
   */
  readonly deadlineMs?: number | false;
  /**
   * The longest one POST lasts, in milliseconds.
   *
   * @defaultValue 10_000: ten times what Entra takes, and three attempts still fit into the deadline
   */
  readonly attemptTimeoutMs?: number | false;
  /**
   * The longest one call of `getAssertion` lasts, in milliseconds.
   *
   * @defaultValue 10_000: a key vault signs in a fraction of it
   */
  readonly assertionTimeoutMs?: number | false;
  /**
   * Retries after the first attempt; 0 for none.
   *
   * @defaultValue 3, as in the Azure SDKs
   */
  readonly maxRetries?: number;
  /**
   * The shortest wait before a retry, in milliseconds; waits grow with decorrelated jitter.
   *
   * @defaultValue 200: a reset connection is back by then
   */
  readonly backoffMs?: number;
  /**
   * The longest wait before a retry, in milliseconds, unless the authority asks for more.
   *
   * @defaultValue 5_000: all three still fit into the deadline
   */
  readonly maxBackoffMs?: number;
  /** How many retries all callers together may send. On by default. */
  readonly retryBudget?: false | RetryBudgetOptions;
  /** How many requests are under way at once. On by default. */
  readonly bulkhead?: false | BulkheadOptions;
  /** When the authority is left alone altogether, and how it is asked again. On by default. */
  readonly circuitBreaker?: false | CircuitBreakerOptions;
}

/** How many retries one origin is sent, however many flights fail together. */
export interface RetryBudgetOptions {
  /**
   * Retries per first request within the window; what a new assertion or a new connection mends at
   * once is not counted.
   *
   * @defaultValue 0.2: an authority that fails gets a fifth more load, not four times as much
   */
  readonly share?: number;
  /**
   * Retries allowed beside that share.
   *
   * @defaultValue 3, so that a lone request has all its retries
   */
  readonly floor?: number;
  /**
   * The sliding window, in milliseconds.
   *
   * @defaultValue 10_000: as long as the circuit stays open, so that its first request can be retried
   */
  readonly windowMs?: number;
}

/** How many requests one origin is sent at once. */
export interface BulkheadOptions {
  /**
   * Requests under way.
   *
   * @defaultValue 32: more would be a flood of handshakes, and an authority that is slow for 32 is no
   *   faster for 3,000
   */
  readonly concurrent?: number;
  /**
   * Requests that may wait for their turn; more fail at once with a `TransportError` whose
   * `systemCode` is `QUEUE_FULL`.
   *
   * @defaultValue 10_000: a cold start with a token per customer
   */
  readonly queued?: number;
}

/**
 * When one origin is left alone altogether. After an outage it is asked by one request, and then by
 * twice as many at once per round trip, for half a minute at most.
 */
export interface CircuitBreakerOptions {
  /**
   * Failures of the authority in a row that open the circuit.
   *
   * @defaultValue 5: one cold call alone makes four, and should not open it
   */
  readonly failures?: number;
  /**
   * How long the circuit stays open before one request may try, in milliseconds.
   *
   * @defaultValue 10_000: one request in ten seconds is no load for an authority that is down
   */
  readonly openMs?: number;
}

/** Options for a guard that several credentials share. */
export interface SharedResilienceOptions extends ResilienceOptions {
  /**
   * Tells guards apart in telemetry (`entra.credential.resilience.name`).
   *
   * @defaultValue the name of the first credential that uses it
   */
  readonly name?: string;
}

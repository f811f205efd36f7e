import { TransportError } from "../domain/errors.ts";

export interface BulkheadRules {
  /** Requests under way to one origin. */
  readonly concurrent: number;
  /** Requests that may wait for their turn. */
  readonly queued: number;
}

interface Waiter {
  readonly admit: () => void;
}

/**
 * The bulkhead of one origin: so many requests at once, the others in turn. Whoever gives up leaves
 * the queue at once, where cockatiel's own would keep the place until its turn came.
 */
export class RequestQueue {
  readonly #rules: BulkheadRules;
  readonly #narrowedTo: () => number;
  readonly #waiting = new Set<Waiter>();
  #running = 0;

  /** @param narrowedTo Asked before each admission for what the moment allows, if that is less. */
  constructor(rules: BulkheadRules, narrowedTo: () => number) {
    this.#rules = rules;
    this.#narrowedTo = narrowedTo;
  }

  /**
   * Runs a request in its turn.
   *
   * @throws TransportError when too many wait already; and the signal's reason when it fires first.
   */
  async run<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.#hasRoom()) this.#running += 1;
    else await this.#turn(signal);
    try {
      return await request();
    } finally {
      this.#running -= 1;
      this.#admitNext();
    }
  }

  #hasRoom(): boolean {
    return this.#running < Math.min(this.#rules.concurrent, this.#narrowedTo());
  }

  #turn(signal: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.#rules.queued) throw queueFull(this.#rules.queued);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { admit: resolve };
    const leave = () => {
      if (this.#waiting.delete(waiter)) reject(signal.reason);
    };
    this.#waiting.add(waiter);
    signal.addEventListener("abort", leave, { once: true });
    return promise.finally(() => signal.removeEventListener("abort", leave));
  }

  #admitNext(): void {
    for (const waiter of this.#waiting) {
      if (!this.#hasRoom()) return;
      this.#waiting.delete(waiter);
      // Counted before it goes on, or whoever comes in between would take the same place.
      this.#running += 1;
      waiter.admit();
    }
  }
}

function queueFull(queued: number): TransportError {
  return new TransportError(
    `The request was not sent: ${queued} token requests wait for the authority already.`,
    { systemCode: "QUEUE_FULL" },
  );
}

import { QUEUE_FULL } from "../core/retry-rules.ts";
import { TransportError } from "../domain/errors.ts";

export interface BulkheadRules {
  /** Requests under way to one origin. */
  readonly concurrent: number;
  /** Requests that may wait for their turn. */
  readonly queued: number;
}

interface Waiter {
  readonly start: () => void;
}

/**
 * The bulkhead of one origin: so many requests at once, the others in turn. Whoever gives up leaves
 * the queue at once, where cockatiel's own would keep the place until its turn came.
 */
export class RequestQueue {
  readonly #rules: BulkheadRules;
  readonly #mayStart: () => boolean;
  readonly #waiting = new Set<Waiter>();
  #running = 0;

  /** @param mayStart Whether the moment allows one more; a request that starts may change the answer. */
  constructor(rules: BulkheadRules, mayStart: () => boolean) {
    this.#rules = rules;
    this.#mayStart = mayStart;
  }

  /**
   * Runs a request in its turn.
   *
   * @throws TransportError when too many wait already; and the signal's reason when it fires first.
   */
  async run<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    return this.#hasRoom() ? this.#start(request) : this.#wait(request, signal);
  }

  #hasRoom(): boolean {
    return this.#running < this.#rules.concurrent && this.#mayStart();
  }

  async #start<T>(request: () => Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      return await request();
    } finally {
      this.#running -= 1;
      this.#startNext();
    }
  }

  #wait<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#waiting.size >= this.#rules.queued) throw queueFull(this.#rules.queued);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const leave = () => {
      if (this.#waiting.delete(waiter)) reject(signal.reason);
    };
    const start = () => {
      signal.removeEventListener("abort", leave);
      resolve(this.#start(request));
    };
    const waiter = { start };
    this.#waiting.add(waiter);
    signal.addEventListener("abort", leave, { once: true });
    return promise;
  }

  // Each starts here and now, so that the next one finds its place taken.
  #startNext(): void {
    for (const waiter of this.#waiting) {
      if (!this.#hasRoom()) return;
      this.#waiting.delete(waiter);
      waiter.start();
    }
  }
}

function queueFull(queued: number): TransportError {
  return new TransportError(
    `The request was not sent: ${queued} token requests wait for the authority already.`,
    { systemCode: QUEUE_FULL },
  );
}

import { BulkheadRejectedError, bulkhead } from "cockatiel";
import type { CircuitState } from "../core/events.ts";
import type { Clock } from "../core/ports.ts";
import { TransportError } from "../domain/errors.ts";
import { type CircuitRules, OriginCircuit } from "./origin-circuit.ts";

// As many token requests as one process should have under way: more would be a flood of handshakes,
// and an authority that is slow for 32 is no faster for 3,000.
const AT_ONCE = 32;

// Enough for a cold start with a token per customer; what is beyond it would not be served in time.
const QUEUED = 10_000;

/** What stands between all flights and one origin: so many at once, and none while its circuit is open. */
export class OriginGuard {
  readonly #bulkhead = bulkhead(AT_ONCE, QUEUED);
  readonly #circuit: OriginCircuit | undefined;

  constructor(
    circuit: CircuitRules | false,
    clock: Clock,
    circuitChanged: (state: CircuitState) => void,
  ) {
    this.#circuit =
      circuit === false ? undefined : new OriginCircuit(circuit, clock, circuitChanged);
  }

  /** @throws CircuitOpenError when no request would be let through now. */
  refuseIfOpen(): void {
    this.#circuit?.refuseIfOpen();
  }

  /**
   * Runs a request when there is room for it and the circuit allows it. The wait for room counts
   * against the deadline alone; nothing that was given up meanwhile is run.
   *
   * @throws CircuitOpenError when the circuit is open.
   * @throws TransportError when too many wait already.
   */
  async run<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await this.#bulkhead.execute(() => this.#admitted(request, signal), signal);
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof BulkheadRejectedError ? queueFull() : error;
    }
  }

  #admitted<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#circuit === undefined ? request() : this.#circuit.run(request, signal);
  }
}

function queueFull(): TransportError {
  return new TransportError(
    `The request was not sent: ${QUEUED} token requests wait for the authority already.`,
    { systemCode: "QUEUE_FULL" },
  );
}

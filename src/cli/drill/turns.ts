import { setImmediate } from "node:timers/promises";

/** Counts the turns of the event loop that a load has waited for. */
export class Turns {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Lets timers and sockets run. */
  async next(): Promise<void> {
    await setImmediate();
    this.#count += 1;
  }
}

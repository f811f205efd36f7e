import type { Contender } from "./contender.ts";
import { Meter } from "./meter.ts";
import type { Turns } from "./turns.ts";

// Less than a millisecond of hits between two looks at the sockets, and never much more.
const CALLS_PER_TURN = 1_000;
const TURN_MS = 5;
// While calls of a lane wait, so many callers go on making more.
const MAX_CALLERS = 20;

/** One credential under load, with a meter of its own. */
export class Lane {
  readonly meter: Meter = new Meter();
  readonly #contender: Contender;
  readonly #scope: string;
  #busy = 0;

  constructor(contender: Contender, scope: string) {
    this.#contender = contender;
    this.#scope = scope;
  }

  /** Calls that had to wait, and those that still do. */
  get waiting(): number {
    return this.meter.waited + this.#busy;
  }

  /** Makes calls, one after the other, as many as fit into one turn; none while all callers wait. */
  callOn(turns: Turns): void {
    if (this.#busy >= MAX_CALLERS) return;
    this.#busy += 1;
    void this.#call(turns).finally(() => {
      this.#busy -= 1;
    });
  }

  async #call(turns: Turns): Promise<void> {
    // The first call is timed without what the load itself does in this turn.
    await undefined;
    const begin = performance.now();
    let began = begin;
    for (let call = 0; call < CALLS_PER_TURN; call += 1) {
      const turn = turns.count;
      try {
        this.meter.served(await this.#contender.getToken(this.#scope));
      } catch (error) {
        this.meter.refused(error);
      }
      const ended = performance.now();
      const outlasted = turns.count !== turn;
      this.meter.timed(ended - began, outlasted);
      // Whoever has waited makes room for the next turn's callers.
      if (outlasted || ended - begin > TURN_MS) return;
      began = ended;
    }
  }
}

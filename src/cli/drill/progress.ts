import { duration, grouped } from "../quantity.ts";
import { stopwatch } from "../stopwatch.ts";

/** Where progress is shown. */
export interface ProgressSetup {
  readonly write: (text: string) => void;
  /** On a terminal one line is kept up to date; elsewhere each scenario gets a line. */
  readonly live: boolean;
  readonly columns: number;
}

const REDRAW_MS = 250;
const ERASE_LINE = "\r\u001b[K";

/** Shows what is being played, for how long, and how many calls were made. */
export class Progress {
  /** Counts calls that were made. */
  readonly made: (calls: number) => void;
  readonly #setup: ProgressSetup;
  readonly #elapsedMs = stopwatch();
  readonly #running = new Set<string>();
  #calls = 0;
  #drawnAtMs = Number.NEGATIVE_INFINITY;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(setup: ProgressSetup) {
    this.#setup = setup;
    this.made = (calls) => {
      this.#calls += calls;
      // A load leaves timers little room.
      if (setup.live) this.#drawIfDue();
    };
    if (setup.live) this.#timer = setInterval(() => this.#drawIfDue(), REDRAW_MS).unref();
  }

  began(name: string): void {
    this.#running.add(name);
    if (this.#setup.live) this.#draw();
    else this.#setup.write(`${this.#clock()}  ${name} begins\n`);
  }

  ended(name: string): void {
    this.#running.delete(name);
    if (!this.#setup.live) this.#setup.write(`${this.#clock()}  ${name} is over\n`);
  }

  /** Clears the line for something else; it comes back by itself. */
  clear(): void {
    if (this.#setup.live) this.#setup.write(ERASE_LINE);
  }

  /** Shows no more. */
  stop(): void {
    clearInterval(this.#timer);
    this.#running.clear();
    this.clear();
  }

  #drawIfDue(): void {
    if (performance.now() - this.#drawnAtMs >= REDRAW_MS) this.#draw();
  }

  #draw(): void {
    if (this.#running.size === 0) return;
    this.#drawnAtMs = performance.now();
    const line = ` ${this.#clock()}  ${grouped(this.#calls)} calls  ${[...this.#running].join(", ")}`;
    this.#setup.write(`${ERASE_LINE}${line.slice(0, this.#setup.columns - 1)}`);
  }

  #clock(): string {
    return duration(this.#elapsedMs()).shown.padStart(6);
  }
}

import type { Clock, Timer } from "../../src/core/ports.ts";

interface Scheduled {
  readonly at: number;
  readonly work: () => void;
  readonly hold: "referenced" | "unreferenced";
}

/** A clock that moves when told to. Both of its clocks can be moved apart. */
export class ManualClock implements Clock {
  wall = Date.parse("2026-03-01T12:00:00Z");
  ticks = 1_000;
  drawn = 0;
  readonly timers = new Set<Scheduled>();

  now(): number {
    return this.wall;
  }

  monotonic(): number {
    return this.ticks;
  }

  chance(): number {
    return this.drawn;
  }

  schedule(work: () => void, delayMs: number, hold: Scheduled["hold"]): Timer {
    const timer = { at: this.ticks + delayMs, work, hold };
    this.timers.add(timer);
    return { cancel: () => void this.timers.delete(timer) };
  }

  advance(ms: number): void {
    this.wall += ms;
    this.ticks += ms;
    for (const timer of [...this.timers]) {
      if (timer.at > this.ticks) continue;
      this.timers.delete(timer);
      timer.work();
    }
  }
}

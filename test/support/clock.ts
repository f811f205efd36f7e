import { afterEach, beforeEach, vi } from "vitest";

interface Span {
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly ms?: number;
}

/** Replaces all clocks and timers in the tests of a file; `advance` also lets promises settle. */
export function useFakeClock(): { advance(span: Span): Promise<void>; setBack(span: Span): void } {
  beforeEach(() => {
    vi.useFakeTimers({ now: new Date("2026-03-01T12:00:00Z") });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  return {
    advance: async (span) => {
      await vi.advanceTimersByTimeAsync(inMs(span));
    },
    // The wall clock only: the monotonic one goes on.
    setBack: (span) => {
      vi.setSystemTime(Date.now() - inMs(span));
    },
  };
}

function inMs({ hours = 0, minutes = 0, seconds = 0, ms = 0 }: Span): number {
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000 + ms;
}

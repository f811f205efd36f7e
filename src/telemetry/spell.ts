/** A duration in whole milliseconds as seconds, as attributes have it. */
export function inSeconds(ms: number): number {
  return Math.round(ms) / 1_000;
}

const HOUR_S = 3_600;
const DAY_S = 86_400;

/** A duration for a person, in the largest unit that tells enough. */
export function spell(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 10) return `${Math.round(ms)} ms`;
  if (seconds < 600) return `${Math.round(seconds)} s`;
  if (seconds < 2 * HOUR_S) return `${Math.round(seconds / 60)} min`;
  if (seconds < 2 * DAY_S) return `${Math.round(seconds / HOUR_S)} hours`;
  return `${Math.round(seconds / DAY_S)} days`;
}

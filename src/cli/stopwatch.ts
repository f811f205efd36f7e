/** Starts to measure; the function returned tells the milliseconds since then. */
export function stopwatch(): () => number {
  const startedAt = performance.now();
  return () => performance.now() - startedAt;
}

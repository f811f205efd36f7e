/** Waits until all have settled, but no longer than this; tells whether they have. */
export async function settledWithin(
  timeoutMs: number,
  work: readonly Promise<void>[],
): Promise<boolean> {
  const { promise: passed, resolve } = Promise.withResolvers<boolean>();
  // Referenced: somebody waits for it.
  const timer = setTimeout(resolve, timeoutMs, false);
  try {
    return await Promise.race([passed, Promise.allSettled(work).then(() => true)]);
  } finally {
    clearTimeout(timer);
  }
}

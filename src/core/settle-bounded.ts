/** Runs all tasks, so many at once, and tells in their order how each ended. Never rejects. */
export async function settleBounded<T>(
  tasks: readonly (() => Promise<T>)[],
  concurrency: number,
): Promise<PromiseSettledResult<T>[]> {
  const results: PromiseSettledResult<T>[] = [];
  const left = tasks.entries();
  const work = async () => {
    for (const [index, task] of left) {
      const [result] = await Promise.allSettled([task()]);
      results[index] = result;
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, tasks.length) }, work));
  return results;
}

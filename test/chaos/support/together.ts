import { afterAll, beforeAll } from "vitest";

/** What a story needs and leaves behind: it is disposed of when the story is over, or cut short. */
export type Stage = AsyncDisposableStack;

/**
 * Lives through stories side by side, before the tests of the group they belong to: most of an
 * outage is waiting. A test asks for the story it is about; one that fails fails its own tests only.
 */
export function together<Plot, Story>(
  plots: readonly Plot[],
  live: (plot: Plot, stage: Stage) => Promise<Story>,
): (plot: Plot) => Promise<Story> {
  const stories = new Map<Plot, Promise<Story>>();
  const stages: Stage[] = [];
  beforeAll(async () => {
    for (const plot of plots) {
      const stage = new AsyncDisposableStack();
      stages.push(stage);
      stories.set(
        plot,
        live(plot, stage).finally(() => stage.disposeAsync()),
      );
    }
    await Promise.allSettled(stories.values());
  });
  // Nothing is left to do here unless the stories took longer than the hook may.
  afterAll(async () => {
    await Promise.all(stages.map((stage) => stage.disposeAsync()));
  });
  return (plot) => stories.get(plot) ?? Promise.reject(new Error("nobody has lived through this"));
}

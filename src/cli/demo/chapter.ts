import type { Stage } from "./stage.ts";
import type { Story } from "./story.ts";

/** One thing a token lives through. */
export interface Chapter {
  /** Its name in JSON. */
  readonly id: string;
  readonly title: string;
  /** What is about to happen, in a sentence or two. */
  readonly plot: string;
  /** Makes it happen; leaves the authority as it found it. */
  readonly play: (stage: Stage, story: Story) => Promise<void>;
}

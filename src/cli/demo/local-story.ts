import { PACKAGE_NAME, PACKAGE_VERSION } from "../../version.ts";
import { calledAs, calledForJson } from "../called-as.ts";
import type { ExitCode } from "../command.ts";
import { Page } from "../page.ts";
import { count, duration } from "../quantity.ts";
import { stopwatch } from "../stopwatch.ts";
import type { Terminal } from "../terminal.ts";
import type { Chapter } from "./chapter.ts";
import { backgroundRefresh } from "./chapters/background-refresh.ts";
import { claimsChallenge } from "./chapters/claims-challenge.ts";
import { firstToken } from "./chapters/first-token.ts";
import { hits } from "./chapters/hits.ts";
import { manyCallers } from "./chapters/many-callers.ts";
import { outage } from "./chapters/outage.ts";
import { tenants } from "./chapters/tenants.ts";
import { wrongKey } from "./chapters/wrong-key.ts";
import { close, type Totals } from "./closing.ts";
import { type Stage, setStage } from "./stage.ts";
import { Story } from "./story.ts";

const CHAPTERS: readonly Chapter[] = [
  firstToken,
  manyCallers,
  hits,
  backgroundRefresh,
  claimsChallenge,
  tenants,
  wrongKey,
  outage,
];

/** How the story is told. */
export interface Telling {
  /** `text` tells it while it happens; `json` prints one object at the end. */
  readonly format: "text" | "json";
  /** Something to say before it begins. */
  readonly note?: string;
  /** @defaultValue all of them */
  readonly chapters?: readonly Chapter[];
}

/**
 * Tells the life of a token against an authority in this process. 1 when something the story
 * claims does not hold.
 */
export async function tellLocalStory(
  { format, note, chapters = CHAPTERS }: Telling,
  { write, complain, colors, columns, env }: Terminal,
): Promise<ExitCode> {
  const elapsedMs = stopwatch();
  const isText = format === "text";
  const page = new Page({ write: isText ? write : () => {}, colors, columns });
  page.title(`${PACKAGE_NAME} ${PACKAGE_VERSION}`, "the life of a token");
  page.blank();
  if (note !== undefined) page.paragraph(note);

  const stage = await setStage();
  const story = new Story(page);
  try {
    page.paragraph(
      `Nothing leaves this machine. An authority that behaves like Microsoft Entra ID listens on ` +
        `${stage.authority.url}; app, tenants and tokens are made up.`,
    );
    const totals = await tell(chapters, { story, stage });
    const durationMs = elapsedMs();
    if (!isText) write(`${JSON.stringify(summary(story, { totals, durationMs }), undefined, 2)}\n`);
    return judge(story, { page, durationMs, complain, env });
  } finally {
    await stage.close();
  }
}

async function tell(
  chapters: readonly Chapter[],
  { story, stage }: { readonly story: Story; readonly stage: Stage },
): Promise<Totals | undefined> {
  for (const [index, { id, title, plot, play }] of chapters.entries()) {
    story.open({ id, title, plot, mark: String(index + 1) });
    try {
      await play(stage, story);
    } catch (error) {
      story.check("the chapter comes to its end", { holds: false, seen: String(error) });
    }
    if (story.hasEnded) return undefined;
  }
  return close(stage, story);
}

function summary(
  { chapters, broken }: Story,
  { totals, durationMs }: { readonly totals: Totals | undefined; readonly durationMs: number },
): object {
  return {
    command: "demo",
    mode: "local",
    ok: broken.length === 0,
    durationMs: Math.round(durationMs),
    chapters,
    totals,
  };
}

interface Verdict {
  readonly page: Page;
  readonly durationMs: number;
  readonly complain: (text: string) => void;
  /** Tells how the demo was called, to say how to call it otherwise. */
  readonly env: Terminal["env"];
}

function judge(
  { broken, chapters }: Story,
  { page, durationMs, complain, env }: Verdict,
): ExitCode {
  const took = duration(durationMs).shown;
  page.blank();
  if (broken.length === 0) {
    const checks = chapters.reduce((sum, chapter) => sum + chapter.checks.length, 0);
    page.tick(`all ${checks} checks hold, after ${took}`);
    page.blank();
    page.fact({ label: "your own tenant", shown: `${calledAs(env, "demo")} --help` });
    page.fact({ label: "all as JSON", shown: calledForJson(env) });
    return 0;
  }
  complain(`${count(broken.length, "check").shown} of the story did not hold:\n`);
  for (const statement of broken) complain(`  ${statement}\n`);
  return 1;
}

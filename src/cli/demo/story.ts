import { asObject, type Fact } from "../fact.ts";
import type { Page } from "../page.ts";

/** Something the story claims, and whether it came true. */
interface Check {
  readonly statement: string;
  readonly holds: boolean;
}

/** What came of a claim. */
export interface Finding {
  readonly holds: boolean;
  /** What was seen, to say so should the claim not hold. */
  readonly seen?: string;
}

/** What a chapter told. */
export interface ToldChapter {
  readonly id: string;
  readonly title: string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly checks: readonly Check[];
}

interface OpenChapter {
  readonly id: string;
  readonly title: string;
  readonly facts: Fact[];
  readonly checks: Check[];
}

/** Tells what happens on a page while it happens, and remembers it. */
export class Story {
  readonly page: Page;
  readonly #chapters: OpenChapter[] = [];
  #hasEnded = false;

  constructor(page: Page) {
    this.page = page;
  }

  /** Begins a chapter; facts and checks belong to it until the next one. */
  open({ id, title, mark, plot }: Opening): void {
    this.#chapters.push({ id, title, facts: [], checks: [] });
    this.page.heading(title, mark);
    this.page.paragraph(plot);
    this.page.blank();
  }

  fact(told: Fact): void {
    this.#chapters.at(-1)?.facts.push(told);
    this.page.fact(told);
  }

  check(statement: string, { holds, seen }: Finding): void {
    const full = holds || seen === undefined ? statement : `${statement}; seen: ${seen}`;
    this.#chapters.at(-1)?.checks.push({ statement: full, holds });
    if (holds) this.page.tick(full);
    else this.page.cross(`does not hold: ${full}`);
  }

  /** Ends the story before its last chapter, for a reason that it tells. */
  end(reason: string): void {
    this.#hasEnded = true;
    this.page.blank();
    this.page.paragraph(reason);
  }

  /** Whether nothing more is to be told. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get chapters(): readonly ToldChapter[] {
    return this.#chapters.map(({ id, title, facts, checks }) => ({
      id,
      title,
      facts: asObject(facts),
      checks,
    }));
  }

  /** What was claimed and did not come true, each with its chapter. */
  get broken(): readonly string[] {
    return this.#chapters.flatMap(({ title, checks }) =>
      checks.filter(({ holds }) => !holds).map(({ statement }) => `${title}: ${statement}`),
    );
  }
}

/** How a chapter begins. */
export interface Opening {
  readonly id: string;
  readonly title: string;
  /** What stands before the title, such as a number. @defaultValue nothing */
  readonly mark?: string;
  /** What is about to happen, in a sentence or two. */
  readonly plot: string;
}

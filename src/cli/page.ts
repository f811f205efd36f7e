import { styleText } from "node:util";
import type { Fact } from "./fact.ts";
import type { Terminal } from "./terminal.ts";

/** What a page needs of a terminal. */
export type PageSetup = Pick<Terminal, "write" | "colors" | "columns">;

type Style = "bold" | "dim" | "cyan" | "green" | "red";

const INDENT = "   ";
const LABEL_WIDTH = 16;
// Longer lines are hard to read, however wide the terminal.
const MAX_WIDTH = 88;
const MIN_WIDTH = 40;

/** Prints headings, text, facts and verdicts, aligned, wrapped, and in colors where there are any. */
export class Page {
  readonly #write: (text: string) => void;
  readonly #colors: boolean;
  readonly #width: number;

  constructor({ write, colors, columns }: PageSetup) {
    this.#write = write;
    this.#colors = colors;
    this.#width = Math.max(MIN_WIDTH, Math.min(columns, MAX_WIDTH));
  }

  /** The first line of it all. */
  title(name: string, subject: string): void {
    this.#line(`${this.#paint("bold", name)}  ${subject}`);
  }

  /** A heading, with a blank line before it; the mark, if there is one, stands in the margin. */
  heading(title: string, mark = ""): void {
    this.#line("");
    this.#line(`${this.#paint("cyan", mark.padEnd(INDENT.length))}${this.#paint("bold", title)}`);
  }

  /** A line across the page, with a blank line before it. */
  rule(): void {
    this.#line("");
    this.#line(this.#paint("dim", "─".repeat(this.#width)));
  }

  /** Flowing text, quieter than the facts. */
  paragraph(text: string): void {
    for (const line of wrap(text, this.#width - INDENT.length)) {
      this.#line(`${INDENT}${this.#paint("dim", line)}`);
    }
  }

  /** A line with the label at the left and the value, wrapped if need be, beside it. */
  fact({ label, shown }: Pick<Fact, "label" | "shown">): void {
    const [first = "", ...rest] = wrap(shown, this.#width - INDENT.length - LABEL_WIDTH);
    this.#line(`${INDENT}${this.#paint("dim", label.padEnd(LABEL_WIDTH))}${first}`);
    for (const line of rest) this.#line(`${INDENT}${" ".repeat(LABEL_WIDTH)}${line}`);
  }

  /** A line of a table: text in columns from the left, and a number that ends where the others end. */
  tableRow({ cells, amount, strong = false }: TableRow): void {
    const left = cells.map((cell, index) => cell.padEnd(TABLE_WIDTHS[index] ?? 0)).join("");
    const line = `${left.padEnd(TABLE_LEFT)}${amount.padStart(TABLE_AMOUNT)}`;
    this.#line(`${INDENT}${strong ? this.#paint("bold", line) : line}`);
  }

  /** Something that turned out as it should. */
  tick(statement: string): void {
    this.#marked(this.#paint("green", "✓"), statement);
  }

  /** Something that did not. */
  cross(statement: string): void {
    this.#marked(this.#paint("red", "✗"), statement);
  }

  blank(): void {
    this.#line("");
  }

  #marked(mark: string, statement: string): void {
    const [first = "", ...rest] = wrap(statement, this.#width - INDENT.length - 2);
    this.#line(`${INDENT}${mark} ${first}`);
    for (const line of rest) this.#line(`${INDENT}  ${line}`);
  }

  #line(text: string): void {
    this.#write(`${text}\n`);
  }

  #paint(style: Style, text: string): string {
    return this.#colors ? styleText(style, text, { validateStream: false }) : text;
  }
}

/** What stands in one line of a table. */
export interface TableRow {
  readonly cells: readonly string[];
  readonly amount: string;
  readonly strong?: boolean;
}

const TABLE_WIDTHS = [22, 22];
const TABLE_LEFT = 44;
const TABLE_AMOUNT = 10;

/** Breaks a text between words; a word longer than the line, such as a URL, stays whole. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length > width && line !== "") {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

/**
 * JSON read without loss: numbers stay as they are written, and a fault has a position. The
 * platform's parser rounds numbers, so that two different claims could become one cache key, and
 * tells the position of some faults only.
 */
export type JsonNode =
  | { readonly kind: "object"; readonly members: ReadonlyMap<string, JsonNode> }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  | { readonly kind: "scalar"; readonly text: string };

// Far more than any claims have; without a limit a row of brackets would exhaust the stack.
const MAX_DEPTH = 100;

const BLANK = /[ \t\n\r]*/y;
const STRING_START = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

/** Reads a JSON text, or tells the position of what is wrong with it. */
export function readJson(text: string): { readonly node: JsonNode } | { readonly fault: number } {
  const reader = new Reader(text);
  const node = reader.value(0);
  if (node === undefined) return { fault: reader.at };
  reader.skipBlanks();
  return reader.at === text.length ? { node } : { fault: reader.at };
}

/** Writes a node; with its members sorted, equal values are equal texts. */
export function writeJson(node: JsonNode, order: "as_given" | "sorted"): string {
  switch (node.kind) {
    case "scalar":
      return node.text;
    case "array":
      return `[${node.items.map((item) => writeJson(item, order)).join(",")}]`;
    case "object": {
      const names = [...node.members.keys()];
      if (order === "sorted") names.sort();
      const members = names.map((name) => {
        const value = node.members.get(name);
        return value === undefined ? "" : `${JSON.stringify(name)}:${writeJson(value, order)}`;
      });
      return `{${members.join(",")}}`;
    }
  }
}

/** Reads from left to right. Undefined means a fault, and `at` stays where it is. */
class Reader {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonNode | undefined {
    this.skipBlanks();
    if (depth > MAX_DEPTH) return undefined;
    switch (this.#text[this.at]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"': {
        const text = this.#string();
        return text === undefined ? undefined : { kind: "scalar", text: JSON.stringify(text) };
      }
      default: {
        const text = this.#take(NUMBER) || this.#take(LITERAL);
        return text === "" ? undefined : { kind: "scalar", text };
      }
    }
  }

  skipBlanks(): void {
    this.#take(BLANK);
  }

  #object(depth: number): JsonNode | undefined {
    const members = new Map<string, JsonNode>();
    const complete = this.#list("}", () => {
      const name = this.#text[this.at] === '"' ? this.#string() : undefined;
      if (name === undefined || !this.#skip(":")) return false;
      const value = this.value(depth + 1);
      // Of two members of one name the last counts, as everywhere.
      if (value !== undefined) members.set(name, value);
      return value !== undefined;
    });
    return complete ? { kind: "object", members } : undefined;
  }

  #array(depth: number): JsonNode | undefined {
    const items: JsonNode[] = [];
    const complete = this.#list("]", () => {
      const item = this.value(depth + 1);
      if (item !== undefined) items.push(item);
      return item !== undefined;
    });
    return complete ? { kind: "array", items } : undefined;
  }

  // After an opening bracket: elements with commas between them, to the closing one.
  #list(end: string, element: () => boolean): boolean {
    this.at += 1;
    if (this.#skip(end)) return true;
    do {
      this.skipBlanks();
      if (!element()) return false;
    } while (this.#skip(","));
    return this.#skip(end);
  }

  #string(): string | undefined {
    const start = this.at;
    this.#take(STRING_START);
    if (this.#text[this.at] !== '"') return undefined;
    this.at += 1;
    const value: unknown = JSON.parse(this.#text.slice(start, this.at));
    return typeof value === "string" ? value : undefined;
  }

  #skip(character: string): boolean {
    this.skipBlanks();
    if (this.#text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found = ""] = pattern.exec(this.#text) ?? [];
    this.at += found.length;
    return found;
  }
}

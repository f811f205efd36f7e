import type { Attributes } from "@opentelemetry/api";

/** How often what happened, by what describes it, such as `source=cache`. */
export type Counts = Readonly<Record<string, number>>;

/** Counts by attributes. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(attributes: Attributes, count: number = 1): void {
    const key = keyOf(attributes);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }

  /** The counts in the order of their names. */
  counts(): Counts {
    return Object.fromEntries([...this.#counts].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** The sum of the counts whose name has all these parts. */
  sum(...parts: readonly string[]): number {
    let sum = 0;
    for (const [key, count] of this.#counts) {
      const words = key.split(" ");
      if (parts.every((part) => words.includes(part))) sum += count;
    }
    return sum;
  }
}

// The last part of a name tells attributes apart, and most of them say what they are of.
function keyOf(attributes: Attributes): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${shortOf(name)}=${value}`)
    .sort()
    .join(" ");
}

function shortOf(name: string): string {
  return SHORT[name] ?? name.slice(name.lastIndexOf(".") + 1);
}

const SHORT: Readonly<Record<string, string>> = {
  "entra.credential.name": "credential",
  "entra.credential.resilience.name": "guard",
  "entra.tenant.id": "tenant",
  "error.type": "error",
  "http.response.status_code": "status",
};

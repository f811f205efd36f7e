import type { Quantity } from "./quantity.ts";

/** Something seen, under its name in JSON and its label on the page. */
export interface Fact extends Quantity {
  readonly name: string;
  readonly label: string;
}

/** Names what was seen. */
export function fact(name: string, seen: Quantity & { readonly label: string }): Fact {
  return { name, ...seen };
}

/** The facts as one object for JSON. */
export function asObject(facts: readonly Fact[]): Readonly<Record<string, string | number>> {
  return Object.fromEntries(facts.map(({ name, value }) => [name, value]));
}

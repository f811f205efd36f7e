import type { Quantity } from "./quantity.ts";

/** Something seen, under its name in JSON and its label on the page. */
export interface Fact extends Quantity {
  readonly name: string;
  readonly label: string;
}

/** Names what was seen. */
export function fact(name: string, label: string, quantity: Quantity): Fact {
  return { name, label, ...quantity };
}

/** The facts as one object for JSON. */
export function asObject(facts: readonly Fact[]): Readonly<Record<string, string | number>> {
  return Object.fromEntries(facts.map(({ name, value }) => [name, value]));
}

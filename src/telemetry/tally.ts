/**
 * Figures by what describes them: several credentials or circuits may report under the same
 * attributes, and then count together.
 */
export class Tally<Described extends object> {
  readonly #figures = new Map<string, { readonly attributes: Described; value: number }>();

  /** Adds to the sum. */
  add(attributes: Described, value: number): void {
    this.#figure(attributes, 0).value += value;
  }

  /** Keeps the least. */
  least(attributes: Described, value: number): void {
    const figure = this.#figure(attributes, value);
    figure.value = Math.min(figure.value, value);
  }

  *figures(): Generator<readonly [value: number, attributes: Described]> {
    for (const { attributes, value } of this.#figures.values()) yield [value, attributes];
  }

  #figure(attributes: Described, first: number): { value: number } {
    const key = JSON.stringify(attributes);
    const known = this.#figures.get(key);
    if (known !== undefined) return known;
    const figure = { attributes, value: first };
    this.#figures.set(key, figure);
    return figure;
  }
}

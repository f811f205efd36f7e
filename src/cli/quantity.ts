/** A value with the words it is shown in: the first goes into JSON, the second onto the page. */
export interface Quantity {
  readonly value: string | number;
  readonly shown: string;
}

/** A text that stands for itself. */
export function text(value: string): Quantity {
  return { value, shown: value };
}

/** A number of things: `1 request`, `10,000 callers`. */
export function count(value: number, thing: string): Quantity {
  return { value, shown: `${grouped(value)} ${thing}${value === 1 ? "" : "s"}` };
}

/** A duration, given in milliseconds and shown in the unit that suits it; its value is in milliseconds. */
export function duration(ms: number): Quantity {
  return { value: Number(ms.toFixed(3)), shown: inSuitableUnit(ms) };
}

/** A short duration, given in milliseconds; its value is in whole nanoseconds. */
export function shortDuration(ms: number): Quantity {
  return { value: Math.round(ms * 1e6), shown: inSuitableUnit(ms) };
}

/** A whole number with a comma between the thousands. */
export function grouped(value: number): string {
  return value.toLocaleString("en-US");
}

function inSuitableUnit(ms: number): string {
  if (ms < 0.001) return `${digits(ms * 1e6)} ns`;
  if (ms < 1) return `${digits(ms * 1_000)} µs`;
  if (ms < 1_000) return `${digits(ms)} ms`;
  return `${digits(ms / 1_000)} s`;
}

// Two digits that mean something: 0.31, 3.1, 31, 310.
function digits(value: number): string {
  if (value < 1) return value.toFixed(2);
  return value < 10 ? value.toFixed(1) : grouped(Math.round(value));
}

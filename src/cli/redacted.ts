import { grouped } from "./quantity.ts";

/** A token as it may be shown: that it is there and how long it is, and nothing of what it holds. */
export function redacted(token: string): string {
  // Three characters: every JWT begins with these, so they tell nothing.
  const begin = token.startsWith("eyJ") ? "eyJ" : "";
  return `${begin}…(${grouped(token.length)} characters)`;
}

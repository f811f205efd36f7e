import { redactSecrets } from "../domain/redact.ts";

/**
 * Makes text from outside fit for an error: one line, without secrets, at most `maxLength` long.
 *
 * Line breaks and control characters become blanks, so that nobody writes lines of our log.
 */
export function cleanText(text: string, maxLength: number): string {
  // Redacting comes before cutting: a cut secret may be too short to be recognized.
  const line = redactSecrets(text.replace(/[\s\p{C}]+/gu, " ").trim());
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).toWellFormed()}…`;
}

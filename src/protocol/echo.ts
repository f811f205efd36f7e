const ERASED = "[assertion]";

// What is shorter than this is a word that may stand in any text by chance.
const SHORTEST_SECRET = 8;

/**
 * A text without the assertion that was sent, however it is quoted: as it is, trimmed, inside
 * JSON or percent-encoded. An authority may quote what it refuses, and an assertion does not
 * always look like a secret.
 */
export function withoutEcho(text: string, assertion: string): string {
  return quotations(assertion).reduce((rest, quoted) => rest.replaceAll(quoted, ERASED), text);
}

function quotations(assertion: string): readonly string[] {
  const trimmed = assertion.trim();
  const formEncoded = new URLSearchParams({ a: trimmed }).toString().slice(2);
  const all = [
    assertion,
    trimmed,
    JSON.stringify(trimmed).slice(1, -1),
    encodeURIComponent(trimmed.toWellFormed()),
    formEncoded,
  ];
  return all.filter((quoted) => quoted.length >= SHORTEST_SECRET);
}

/** The candidate that somebody who typed `word` most likely meant, if one is near enough. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const [best] = [...candidates]
    .map((candidate) => ({ candidate, slips: slipsBetween(word.toLowerCase(), candidate) }))
    .sort((a, b) => a.slips - b.slips);
  if (best === undefined || best.slips > MAX_SLIP_SHARE * best.candidate.length) return undefined;
  return best.candidate;
}

// Enough for two slips in a word of five letters, too little for another word.
const MAX_SLIP_SHARE = 0.4;

// Levenshtein, a row at a time.
function slipsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The candidate that somebody who typed `word` most likely meant, if one is near enough. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const [best] = [...candidates]
    .map((candidate) => ({
      candidate,
      slips: slipsBetween(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.slips - b.slips);
  if (best === undefined) return undefined;
  const { candidate, slips } = best;
  const allowed = Math.max(SWAPPED_LETTERS, candidate.length * MAX_SLIP_SHARE);
  return slips <= allowed && slips < candidate.length ? candidate : undefined;
}

// Two letters swapped are the commonest slip, and count as two.
const SWAPPED_LETTERS = 2;

// In a long word more may be wrong, up to where it would be another word.
const MAX_SLIP_SHARE = 1 / 3;

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

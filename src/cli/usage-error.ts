/** Options or settings make no sense; the message says why and, where it can, what was meant. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

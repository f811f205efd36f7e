import { createHash } from "node:crypto";
import type { VerifiedAssertion } from "./verify-assertion.ts";

/** The assertions that were used, each remembered for as long as it could be used again. */
export class SeenAssertions {
  /** By a digest, so that no assertion is kept; the value is when it may be forgotten, in seconds. */
  readonly #seen = new Map<string, number>();

  /** Notes that an assertion is used; false when it was before. Without a `jti` its whole text tells it. */
  note(assertion: string, { issuer, id, unusableFromS }: VerifiedAssertion): boolean {
    const identity = JSON.stringify(id === undefined ? [assertion] : [issuer, id]);
    const digest = createHash("sha256").update(identity).digest("base64url");
    if (this.#seen.has(digest)) return false;

    if (this.#seen.size >= SWEEP_SIZE) this.#sweep();
    this.#seen.set(digest, unusableFromS);
    return true;
  }

  #sweep(): void {
    const nowS = Date.now() / 1000;
    for (const [digest, unusableFromS] of this.#seen) {
      if (unusableFromS <= nowS) this.#seen.delete(digest);
    }
  }
}

const SWEEP_SIZE = 10_000;

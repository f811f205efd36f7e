import type { GetAssertion } from "../../src/index.ts";
import type { Draw } from "./draw.ts";
import { errorWord } from "./error-word.ts";
import { isCutOff, type Ledger, type Subject } from "./ledger.ts";

/** Gives a good assertion for the audience. */
export type Sign = (audience: string) => Promise<string>;

// How often the source fails, in one of the ways such sources do.
const FAILING_SHARE = 0.04;

const LATE_MS = 20;

/** A source of assertions that fails now and then, and counts how each call of it ended. */
export function countedAssertions(
  { subject, sign, draw }: { readonly subject: Subject; readonly sign: Sign; readonly draw: Draw },
  ledger: Ledger,
): GetAssertion {
  return async ({ tokenEndpoint, abortSignal }) => {
    ledger.assertionCalls += 1;
    let isOver = false;
    const ended = (word?: string) => {
      if (!isOver) ledger.assertionEnded(subject, word);
      isOver = true;
    };
    abortSignal.addEventListener("abort", () => {
      const { reason } = abortSignal;
      // Not counted.
      if (isCutOff(reason)) isOver = true;
      else ended(errorWord(reason));
    });

    try {
      const assertion = await assertionOf(() => sign(tokenEndpoint), abortSignal, draw);
      ended(assertion === "" ? "assertion_failed" : undefined);
      return assertion;
    } catch (error) {
      ended("assertion_failed");
      throw error;
    }
  };
}

async function assertionOf(
  sign: () => Promise<string>,
  signal: AbortSignal,
  draw: Draw,
): Promise<string> {
  if (!draw.happens(FAILING_SHARE)) return sign();
  switch (draw.of(["throws", "empty", "late", "hangs"])) {
    case "throws":
      throw new Error("the vault is shut");
    case "empty":
      return "";
    case "late":
      await new Promise((resolve) => setTimeout(resolve, LATE_MS));
      return sign();
    case "hangs":
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("given up")));
      });
    default:
      throw new Error("a source of no kind");
  }
}

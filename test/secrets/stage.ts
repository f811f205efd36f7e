import type {
  ClientAssertionCredential,
  ClientAssertionCredentialOptions,
} from "../../src/index.ts";
import { credentialAgainst } from "../support/credentials.ts";
import type { FakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import type { Canary } from "./canaries.ts";
import { Evidence } from "./evidence.ts";

export interface Stage {
  readonly evidence: Evidence;
  readonly credential: ClientAssertionCredential;
  /** The error of a call, already in evidence. */
  failure(call: Promise<unknown>): Promise<unknown>;
  /** All secrets that showed, the credential itself looked at once more. */
  leaks(): readonly string[];
}

/** A credential whose assertion is a canary, watched from before it is made. */
export function stageFor(
  assertion: Canary,
  entra: FakeEntra,
  options: ClientAssertionCredentialOptions & {
    readonly getAssertion?: () => Promise<string>;
    readonly clock?: { advance(span: { minutes: number }): Promise<void> };
  } = {},
): Stage {
  const { clock, ...rest } = options;
  const evidence = new Evidence();
  const getAssertion = async () => assertion.secret;
  const credential = credentialAgainst(entra, { getAssertion, ...rest });
  evidence.show("the credential before", credential);
  return {
    evidence,
    credential,
    failure: async (call) => {
      const rejected = rejection(call);
      // Longer than the deadline: all retries are made.
      await clock?.advance({ minutes: 2 });
      return evidence.show("the error", await rejected);
    },
    leaks: () => {
      evidence.show("the credential after", credential);
      return evidence.leaks();
    },
  };
}

import { expect, test } from "vitest";
import { ClientAssertionCredential, CredentialError } from "../../src/index.ts";
import { useFakeClock } from "../support/clock.ts";
import { CLIENT, SCOPE, TENANT } from "../support/credentials.ts";
import { BARREN_FAULTS } from "./faults/all-faults.ts";
import { type Fault, grant } from "./faults/fault.ts";
import { pass } from "./pass.ts";

const DEADLINE_MS = 30_000;

useFakeClock();

test.each(BARREN_FAULTS)(
  "without a token $name ends in a typed error within 30 s",
  async (fault) => {
    const credential = credentialWith(fault);
    let outcome: unknown = "pending";
    const call = credential.getToken(SCOPE).then(
      () => {
        outcome = "a token";
      },
      (error: unknown) => {
        outcome = error;
      },
    );

    await pass(DEADLINE_MS);

    expect(outcome).toBeInstanceOf(CredentialError);
    await call;
    await credential.close();
  },
);

function credentialWith(fault: Fault): ClientAssertionCredential {
  const post =
    "answer" in fault ? async (request: Asked) => fault.answer(request) : async () => grant("x");
  const getAssertion = "answer" in fault ? async () => "an-assertion" : fault.getAssertion;
  return new ClientAssertionCredential(TENANT, CLIENT, getAssertion, { transport: { post } });
}

type Asked = { readonly signal: AbortSignal };

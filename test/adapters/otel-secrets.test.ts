import { expect, test } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";
import { rejection } from "../support/rejection.ts";

const TOKEN = "canary-token-2f6d";
const ASSERTION = "canary-assertion-91ab";
const DESCRIPTION = "canary-description-77c0";
const CLAIMS = JSON.stringify({ access_token: { "canary-claims-03e4": { essential: true } } });

useCleanGlobals();
const clock = useFakeClock();

test("no token, assertion, claims or description is exported, in success or failure", async () => {
  const sdk = new Sdk().register();
  const refusal = { error: "invalid_grant", error_description: DESCRIPTION, claims: CLAIMS };
  const entra = fakeEntra()
    .issues(TOKEN)
    .says(400, JSON.stringify(refusal))
    .says(200, `${TOKEN} ${ASSERTION}`)
    .replies(() => {
      throw Object.assign(new Error(ASSERTION), { code: TOKEN });
    });
  const getAssertion = async () => ASSERTION;
  const credential = credentialAgainst(entra, { getAssertion, resilience: { maxRetries: 1 } });

  await credential.getToken(SCOPE);
  await credential.getToken(SCOPE);
  await rejection(credential.getToken(SCOPE, { claims: CLAIMS }));
  const failing = rejection(credential.getToken(SCOPE, { forceRefresh: true }));
  await clock.advance({ seconds: 30 });
  await failing;

  expect(sdk.spans("POST")).toHaveLength(4);
  expect(await sdk.everything()).not.toMatch(/canary/);
});

test("an assertion source that fails with its secret keeps it to itself", async () => {
  const sdk = new Sdk().register();
  const getAssertion = async () => {
    throw Object.assign(new Error(ASSERTION), { code: ASSERTION });
  };

  await rejection(credentialAgainst(fakeEntra(), { getAssertion }).getToken(SCOPE));

  expect(sdk.spans()).toHaveLength(3);
  expect(await sdk.everything()).not.toMatch(/canary/);
});

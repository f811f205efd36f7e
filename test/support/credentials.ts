import { onTestFinished } from "vitest";
import {
  ClientAssertionCredential,
  type ClientAssertionCredentialOptions,
} from "../../src/index.ts";
import type { FakeEntra } from "./fake-entra.ts";

export const TENANT = "11111111-2222-3333-4444-555555555555";
export const OTHER_TENANT = "99999999-8888-7777-6666-555555555555";
export const CLIENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
export const SCOPE = "https://vault.azure.net/.default";
export const OTHER_SCOPE = "https://storage.azure.com/.default";

/** A credential against the fake, closed when the test ends. Its refresh points have no jitter unless asked for. */
export function credentialAgainst(
  entra: FakeEntra,
  options: ClientAssertionCredentialOptions & {
    readonly getAssertion?: () => Promise<string>;
  } = {},
): ClientAssertionCredential {
  const { getAssertion = async () => "an-assertion", ...rest } = options;
  const credential = new ClientAssertionCredential(TENANT, CLIENT, getAssertion, {
    transport: entra,
    ...rest,
    refresh: { jitter: 0, ...rest.refresh },
  });
  onTestFinished(() => credential.close());
  return credential;
}

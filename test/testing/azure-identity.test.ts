import { ClientAssertionCredential, ClientCertificateCredential } from "@azure/identity";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  type ClientKeys,
  createClientKeys,
  LocalAuthority,
  signAssertion,
} from "../../src/testing/index.ts";
import { CLIENT, SCOPE, TENANT, tokenUrl } from "./token-client.ts";

let authority: LocalAuthority;
let keys: ClientKeys;

beforeAll(async () => {
  [authority, keys] = await Promise.all([LocalAuthority.start({ tls: true }), createClientKeys()]);
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
});
beforeEach(() => authority.resetCounts());
afterAll(() => authority.close());

function options() {
  return {
    authorityHost: authority.url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: authority.certificate ?? "" },
  };
}

test("ClientAssertionCredential of @azure/identity gets a token", async () => {
  const sign = () => signAssertion(keys, { clientId: CLIENT, audience: tokenUrl(authority) });
  const credential = new ClientAssertionCredential(TENANT, CLIENT, sign, options());

  const token = await credential.getToken(SCOPE);

  expect(token.expiresOnTimestamp - Date.now()).toBeGreaterThan(3_500_000);
  expect(authority.requests).toMatchObject([
    { tenantId: TENANT, clientId: CLIENT, scopes: [SCOPE], status: 200 },
  ]);
});

test("ClientCertificateCredential of @azure/identity gets a token with the registered certificate", async () => {
  const certificate = `${keys.certificate}\n${keys.privateKey}`;
  const credential = new ClientCertificateCredential(TENANT, CLIENT, { certificate }, options());

  const { token } = await credential.getToken(SCOPE);

  expect(token.split(".")).toHaveLength(3);
});

test("@azure/identity understands a refusal", async () => {
  const sign = () =>
    signAssertion(keys, { clientId: CLIENT, audience: "https://elsewhere.example" });
  const credential = new ClientAssertionCredential(TENANT, CLIENT, sign, options());

  await expect(credential.getToken(SCOPE)).rejects.toThrow("AADSTS700023");
});

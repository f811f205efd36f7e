import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type ClientKeys,
  createClientKeys,
  LocalAuthority,
  signAssertion,
} from "../../src/testing/index.ts";
import { CLIENT, post, soundForm, TENANT } from "./token-client.ts";

let authority: LocalAuthority;
let keys: ClientKeys;

beforeAll(async () => {
  authority = await LocalAuthority.start();
  keys = await createClientKeys({ algorithm: "EC" });
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
});
afterAll(() => authority.close());

async function getJson(path: string): Promise<unknown> {
  const response = await fetch(authority.url + path);
  return response.json();
}

test("the OpenID configuration names this host and port throughout", async () => {
  const base = `${authority.url}/${TENANT}`;

  const document = await getJson(`/${TENANT}/v2.0/.well-known/openid-configuration`);

  expect(document).toMatchObject({
    issuer: `${base}/v2.0`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
  });
});

test("the keys document publishes no private part", async () => {
  const document = await getJson(`/${TENANT}/discovery/v2.0/keys`);

  const text = expect.any(String);
  expect(document).toEqual({
    keys: [{ kty: "RSA", alg: "RS256", use: "sig", kid: text, n: text, e: text }],
  });
});

test("instance discovery knows no alias but the host itself", async () => {
  const { host } = new URL(authority.url);

  const document = await getJson("/common/discovery/instance?api-version=1.1");

  expect(document).toMatchObject({
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  });
});

test("AD FS issues at its own path", async () => {
  const endpoint = `${authority.url}/adfs/oauth2/token`;
  const assertion = await signAssertion(keys, { clientId: CLIENT, audience: endpoint });

  const { status } = await post(endpoint, soundForm(assertion));
  const document = await getJson("/adfs/.well-known/openid-configuration");

  expect(status).toBe(200);
  expect(document).toMatchObject({ token_endpoint: endpoint });
});

test.for(["/", "/tenant", "/tenant/oauth2/token", "/adfs/oauth2/v2.0/token", "//", "/%"])(
  "%s is answered with 404 in JSON",
  async (path) => {
    const response = await fetch(authority.url + path);

    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: "not_found" });
  },
);

test("a GET of the token endpoint is refused with AADSTS900561", async () => {
  const response = await fetch(`${authority.url}/${TENANT}/oauth2/v2.0/token`);

  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toBe("POST");
  expect(await response.json()).toMatchObject({ error_codes: [900561] });
});

test("a POST of a document is answered with 405", async () => {
  const response = await fetch(`${authority.url}/${TENANT}/discovery/v2.0/keys`, {
    method: "POST",
  });

  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toBe("GET");
});

import { createPublicKey } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type ClientKeys,
  createClientKeys,
  LocalAuthority,
  type SignAssertionOptions,
  signAssertion,
} from "../../src/testing/index.ts";
import { CLIENT, post, soundForm, tokenUrl } from "./token-client.ts";

const ISSUER = "https://oidc.example/cluster";
const SUBJECT = "system:serviceaccount:shop:orders";
const AUDIENCE = "api://AzureADTokenExchange";

let authority: LocalAuthority;
let keys: ClientKeys;

beforeAll(async () => {
  authority = await LocalAuthority.start();
  keys = await createClientKeys({ algorithm: "EC" });
  const jwk = { ...createPublicKey(keys.publicKey).export({ format: "jwk" }), kid: "k1" };
  authority.trustIssuer({
    issuer: ISSUER,
    clientId: CLIENT,
    subject: SUBJECT,
    jwks: { keys: [jwk] },
  });
  authority.registerClient({ clientId: "no-federation", certificate: keys.certificate });
});
afterAll(() => authority.close());

async function present(options: Partial<SignAssertionOptions>, clientId = CLIENT) {
  const assertion = await signAssertion(keys, {
    clientId,
    audience: AUDIENCE,
    header: { "x5t#S256": undefined, kid: "k1" },
    ...options,
    claims: { iss: ISSUER, sub: SUBJECT, ...options.claims },
  });
  return post(tokenUrl(authority), { ...soundForm(assertion), client_id: clientId });
}

test("a token of a trusted issuer stands for the client's own assertion", async () => {
  const { status } = await present({});

  expect(status).toBe(200);
});

test.for([
  { other: "issuer", options: { claims: { iss: `${ISSUER}/` } }, code: 700211 },
  { other: "audience", options: { audience: "api://another" }, code: 700212 },
  {
    other: "subject in another case",
    options: { claims: { sub: SUBJECT.toUpperCase() } },
    code: 700213,
  },
  { other: "key", options: { header: { "x5t#S256": undefined, kid: "k2" } }, code: 700027 },
  { other: "time", options: { lifetimeS: -600 }, code: 700024 },
])(
  "a federated token with another $other is refused with AADSTS$code",
  async ({ options, code }) => {
    const { status, body } = await present(options);

    expect(status).toBe(401);
    expect(body).toMatchObject({ error: "invalid_client", error_codes: [code] });
  },
);

test("a client without federated credentials refuses any federated token with AADSTS70021", async () => {
  const { status, body } = await present({}, "no-federation");

  expect(status).toBe(400);
  expect(body).toMatchObject({ error: "invalid_request", error_codes: [70021] });
  expect(body.error_description).toContain(`Assertion Subject: '${SUBJECT}'`);
});

test("a trusted issuer's key does not prove the client by itself", async () => {
  const { body } = await present({
    audience: tokenUrl(authority),
    claims: { iss: CLIENT, sub: CLIENT },
  });

  expect(body).toMatchObject({ error_codes: [700027] });
});

test.for([
  { wrong: { subject: "" }, message: "subject must be a non-empty string" },
  { wrong: { issuer: 1 }, message: "issuer must be a non-empty string, not number" },
  { wrong: { jwks: { keys: [] } }, message: "jwks must be an object" },
  { wrong: { jwks: { keys: [{}] } }, message: "jwks.keys[0] is no key" },
  { wrong: { tenants: [] }, message: "tenants is empty" },
])("trusting an issuer with $wrong throws and names the option", ({ wrong, message }) => {
  const jwk = createPublicKey(keys.publicKey).export({ format: "jwk" });
  const trust = {
    issuer: ISSUER,
    clientId: CLIENT,
    subject: SUBJECT,
    jwks: { keys: [jwk] },
    ...wrong,
  };

  expect(() => Reflect.apply(authority.trustIssuer, authority, [trust])).toThrow(message);
});

import { createPublicKey } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type ClientKeys,
  createClientKeys,
  LocalAuthority,
  signAssertion,
} from "../../src/testing/index.ts";
import { post, soundForm, tokenUrl } from "./token-client.ts";

let authority: LocalAuthority;
let keys: ClientKeys;

beforeAll(async () => {
  authority = await LocalAuthority.start();
  keys = await createClientKeys({ algorithm: "EC" });
});
afterAll(() => authority.close());

async function presentAs(clientId: string, header: Record<string, unknown>) {
  const assertion = await signAssertion(keys, { clientId, audience: tokenUrl(authority), header });
  return post(tokenUrl(authority), { ...soundForm(assertion), client_id: clientId });
}

const unnamed = { "x5t#S256": undefined };

test("a public key in PEM without a name answers for any name", async () => {
  authority.registerClient({ clientId: "pem", publicKey: keys.publicKey });

  const answers = [
    await presentAs("pem", { ...unnamed, kid: "any" }),
    await presentAs("pem", unnamed),
  ];

  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});

test("a key registered with a kid is found by it, and by no other", async () => {
  const jwk = { ...createPublicKey(keys.publicKey).export({ format: "jwk" }), kid: "one" };
  authority.registerClient({ clientId: "jwk", jwk });

  const right = await presentAs("jwk", { ...unnamed, kid: "one" });
  const wrong = await presentAs("jwk", { ...unnamed, kid: "two" });

  expect(right.status).toBe(200);
  expect(wrong.body).toMatchObject({ error_codes: [700027] });
});

test("a certificate is found by its SHA-1 thumbprint too", async () => {
  authority.registerClient({ clientId: "x5t", certificate: keys.certificate });
  const hex = Buffer.from(keys.x5t, "base64url").toString("hex").toUpperCase();

  const answers = [
    await presentAs("x5t", { ...unnamed, x5t: keys.x5t }),
    await presentAs("x5t", { ...unnamed, kid: hex }),
  ];

  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});

test("a WebCrypto key can be registered", async () => {
  const spki = createPublicKey(keys.publicKey).export({ format: "der", type: "spki" });
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const publicKey = await crypto.subtle.importKey("spki", spki, algorithm, true, ["verify"]);
  authority.registerClient({ clientId: "webcrypto", publicKey });

  const { status } = await presentAs("webcrypto", unnamed);

  expect(status).toBe(200);
});

test("an assertion that names no key is refused when the client has several", async () => {
  const other = await createClientKeys({ algorithm: "EC" });
  authority.registerClient({ clientId: "two", certificate: keys.certificate });
  authority.registerClient({ clientId: "two", certificate: other.certificate });

  const { body } = await presentAs("two", unnamed);

  expect(body).toMatchObject({ error_codes: [700027] });
});

test.for([
  {
    wrong: "no key",
    registration: { clientId: "x" },
    message: "exactly one of certificate, publicKey, jwk",
  },
  {
    wrong: "no client",
    registration: { publicKey: "" },
    message: "publicKey must be a non-empty string",
  },
  {
    wrong: "text that is no PEM",
    registration: { clientId: "x", certificate: "hello" },
    message: "certificate is no key",
  },
  { wrong: "an empty JWK", registration: { clientId: "x", jwk: {} }, message: "jwk is no key" },
  {
    wrong: "nothing at all",
    registration: null,
    message: "registration must be an object, not null",
  },
])("registering $wrong throws and names the option", ({ registration, message }) => {
  expect(() => Reflect.apply(authority.registerClient, authority, [registration])).toThrow(message);
});

test("an RSA key of 1024 bits is refused", async () => {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 1024,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const { publicKey } = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);

  expect(() => authority.registerClient({ clientId: "weak", publicKey })).toThrow(RangeError);
});

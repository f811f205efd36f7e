import { createHmac } from "node:crypto";
import { request } from "node:http";
import { stringify } from "node:querystring";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type ClientKeys,
  createClientKeys,
  LocalAuthority,
  type SignAssertionOptions,
  signAssertion,
} from "../../src/testing/index.ts";
import { CLIENT, post, requestToken, soundForm, TENANT, tokenUrl } from "./token-client.ts";

let authority: LocalAuthority;
let keys: ClientKeys;
let stranger: ClientKeys;

beforeAll(async () => {
  authority = await LocalAuthority.start();
  [keys, stranger] = await Promise.all([createClientKeys(), createClientKeys()]);
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
});
afterAll(() => authority.close());

async function present(options: Partial<SignAssertionOptions> = {}, signer = keys) {
  const audience = tokenUrl(authority);
  return send(await signAssertion(signer, { clientId: CLIENT, audience, ...options }));
}

function send(assertion: string, to = authority) {
  return post(tokenUrl(to), soundForm(assertion));
}

const nowS = () => Math.floor(Date.now() / 1000);

test.for(["RS256", "PS256"] as const)(
  "an assertion signed with %s is accepted",
  async (algorithm) => {
    const { status } = await present({ algorithm });

    expect(status).toBe(200);
  },
);

test("an assertion may be addressed to the issuer instead of the endpoint", async () => {
  const { status } = await present({ audience: `${authority.url}/${TENANT}/v2.0` });

  expect(status).toBe(200);
});

test.for([
  {
    fault: "an issuer that is not the client",
    options: { claims: { iss: "another" } },
    code: 700021,
    status: 401,
  },
  {
    fault: "a subject that is not the client",
    options: { claims: { sub: "another" } },
    code: 700021,
    status: 401,
  },
  {
    fault: "another audience",
    options: { audience: "https://elsewhere.example" },
    code: 700023,
    status: 401,
  },
  { fault: "an exp 10 minutes ago", options: { lifetimeS: -600 }, code: 700024, status: 401 },
  {
    fault: "an nbf in 10 minutes",
    options: { claims: { nbf: nowS() + 600 } },
    code: 700024,
    status: 401,
  },
  { fault: "no exp", options: { claims: { exp: undefined } }, code: 50027, status: 400 },
  {
    fault: "an exp that is no number",
    options: { claims: { exp: "soon" } },
    code: 50027,
    status: 400,
  },
  { fault: "no issuer", options: { claims: { iss: undefined } }, code: 50027, status: 400 },
  { fault: "no audience", options: { claims: { aud: undefined } }, code: 50027, status: 400 },
  {
    fault: "an unregistered x5t#S256",
    options: { header: { "x5t#S256": "AAAA" } },
    code: 700027,
    status: 401,
  },
])("an assertion with $fault is refused with AADSTS$code", async ({ options, code, status }) => {
  const answer = await present(options);

  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ error_codes: [code] });
});

test.for([
  { what: "an exp 4 minutes ago", options: { lifetimeS: -240 } },
  { what: "an nbf in 4 minutes", options: { claims: { nbf: nowS() + 240 } } },
  { what: "no nbf", options: { claims: { nbf: undefined } } },
  { what: "no jti", options: { claims: { jti: undefined } } },
  { what: "no name for its key", options: { header: { "x5t#S256": undefined } } },
])("an assertion with $what is accepted", async ({ options }) => {
  const { status } = await present(options);

  expect(status).toBe(200);
});

test("an assertion signed by an unregistered key is refused with AADSTS700027", async () => {
  const { status, body } = await present({}, stranger);

  expect(status).toBe(401);
  expect(body).toMatchObject({ error: "invalid_client", error_codes: [700027] });
  expect(body.error_description).toContain("The key was not found.");
});

test("an assertion that names a registered key but is signed by another is refused with AADSTS700027", async () => {
  const { body } = await present({ header: { "x5t#S256": keys.x5tS256 } }, stranger);

  expect(body).toMatchObject({ error_codes: [700027] });
  expect(body.error_description).toContain("failed");
});

test("an assertion changed after it was signed is refused with AADSTS700027", async () => {
  const assertion = await signAssertion(keys, { clientId: CLIENT, audience: tokenUrl(authority) });
  const [header = "", payload = "", signature = ""] = assertion.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const changed = Buffer.from(JSON.stringify({ ...claims, jti: "other" })).toString("base64url");

  const { body } = await send([header, changed, signature].join("."));

  expect(body).toMatchObject({ error_codes: [700027] });
});

test.for([
  { what: "no JWT", assertion: "not-a-token" },
  { what: "two parts", assertion: "e30.e30" },
  { what: "an unsigned JWT", assertion: `${encode({ alg: "none" })}.${encode({ iss: CLIENT })}.` },
  { what: "a JWT signed with the public key as a secret", assertion: symmetric() },
])("$what is refused with AADSTS50027", async ({ assertion }) => {
  const { status, body } = await send(assertion);

  expect(status).toBe(400);
  expect(body).toMatchObject({ error: "invalid_request", error_codes: [50027] });
});

test("behind a proxy the endpoint as the client addressed it is a good audience", async () => {
  const audience = `http://proxy.example:8080/${TENANT}/oauth2/v2.0/token`;
  const assertion = await signAssertion(keys, { clientId: CLIENT, audience });

  const status = await postAs("proxy.example:8080", soundForm(assertion));

  expect(status).toBe(200);
});

test("a certificate that has ended no longer proves its client", async () => {
  const ended = await createClientKeys({
    algorithm: "EC",
    notAfter: new Date(Date.now() - 60_000),
  });
  authority.registerClient({ clientId: "ended", certificate: ended.certificate });

  const assertion = await signAssertion(ended, {
    clientId: "ended",
    audience: tokenUrl(authority),
  });
  const { body } = await post(tokenUrl(authority), { ...soundForm(assertion), client_id: "ended" });

  expect(body).toMatchObject({ error_codes: [700027] });
  expect(body.error_description).toContain("expired");
});

test("both keys are accepted during a rotation, and none after the client was removed", async () => {
  await using other = await LocalAuthority.start();
  other.registerClient({ clientId: CLIENT, certificate: keys.certificate });
  other.registerClient({ clientId: CLIENT, certificate: stranger.certificate });

  const before = await Promise.all([requestToken(other, keys), requestToken(other, stranger)]);
  other.removeClient(CLIENT);
  const after = await requestToken(other, keys);

  expect(before.map(({ status }) => status)).toEqual([200, 200]);
  expect(after.body).toMatchObject({ error_codes: [700016] });
});

test("an assertion is accepted twice, unless replays are to be rejected", async () => {
  const assertion = await signAssertion(keys, { clientId: CLIENT, audience: tokenUrl(authority) });
  await send(assertion);
  const again = await send(assertion);

  authority.adjust({ rejectReplayedAssertions: true });
  await send(assertion);
  const replayed = await send(assertion);
  authority.adjust({ rejectReplayedAssertions: false });

  expect(again.status).toBe(200);
  expect(replayed.status).toBe(401);
});

function postAs(host: string, form: Record<string, string | undefined>) {
  const headers = { host, "content-type": "application/x-www-form-urlencoded" };
  return new Promise<number | undefined>((resolve, reject) => {
    const sending = request(tokenUrl(authority), { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sending.once("error", reject).end(stringify(form));
  });
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function symmetric(): string {
  const claims = { iss: CLIENT, sub: CLIENT, aud: "x", exp: nowS() + 300 };
  const text = `${encode({ alg: "HS256" })}.${encode(claims)}`;
  return `${text}.${createHmac("sha256", "public").update(text).digest("base64url")}`;
}

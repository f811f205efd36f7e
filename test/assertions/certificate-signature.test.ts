import { decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { certificate } from "../../src/assertions/index.ts";
import { CLIENT_ID, type Identity, makeIdentity, requestFor, TOKEN_ENDPOINT } from "./support.ts";

const NOW = Date.parse("2026-03-01T12:00:00.700Z");

let root: Identity;
let issuing: Identity;
let leaf: Identity;

beforeAll(async () => {
  root = await makeIdentity("root");
  issuing = await makeIdentity("issuing", { issuer: root });
  leaf = await makeIdentity("leaf", { issuer: issuing });
});

afterEach(() => {
  vi.useRealTimers();
});

function inline() {
  return { privateKey: leaf.keyPem, certificate: leaf.certificatePem, now: () => NOW };
}

test.each(["PS256", "RS256"] as const)(
  "an assertion with algorithm %s verifies with the certificate's public key",
  async (algorithm) => {
    const assertion = await certificate({ ...inline(), algorithm })(requestFor());

    const verified = await jwtVerify(assertion, leaf.certificate.publicKey, {
      algorithms: [algorithm],
      audience: TOKEN_ENDPOINT,
      issuer: CLIENT_ID,
      subject: CLIENT_ID,
      currentDate: new Date(NOW),
      typ: "JWT",
    });
    expect(verified.protectedHeader.alg).toBe(algorithm);
  },
);

test("the header holds what Entra asks for and nothing else: PS256 and the SHA-256 thumbprint", async () => {
  const assertion = await certificate(inline())(requestFor());

  const colonHex = leaf.certificate.fingerprint256;
  expect(decodeProtectedHeader(assertion)).toEqual({
    alg: "PS256",
    typ: "JWT",
    "x5t#S256": Buffer.from(colonHex.replaceAll(":", ""), "hex").toString("base64url"),
  });
});

test("the claims are whole seconds, and last ten minutes from now", async () => {
  const assertion = await certificate(inline())(requestFor());

  const nowS = Math.floor(NOW / 1000);
  expect(decodeJwt(assertion)).toEqual({
    aud: TOKEN_ENDPOINT,
    iss: CLIENT_ID,
    sub: CLIENT_ID,
    jti: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    nbf: nowS,
    iat: nowS,
    exp: nowS + 600,
  });
});

test("lifetimeMs sets how long an assertion lasts, rounded down to seconds", async () => {
  const assertion = await certificate({ ...inline(), lifetimeMs: 120_900 })(requestFor());

  const { iat = 0, exp } = decodeJwt(assertion);
  expect(exp).toBe(iat + 120);
});

test("audience, issuer and subject are those of each request", async () => {
  const source = certificate(inline());

  const assertion = await source(requestFor({ clientId: "other", tokenEndpoint: "https://x/y" }));

  expect(decodeJwt(assertion)).toMatchObject({ aud: "https://x/y", iss: "other", sub: "other" });
});

test("every call signs anew, as a jti may be used once (rule 4.1)", async () => {
  const source = certificate(inline());

  const assertions = await Promise.all([1, 2, 3].map(() => source(requestFor())));

  expect(new Set(assertions.map((assertion) => decodeJwt(assertion).jti)).size).toBe(3);
});

test("sendCertificateChain sends the certificate first, then what certifies it, whatever the order in the PEM", async () => {
  const stranger = await makeIdentity("stranger");
  const certificates = [root, stranger, leaf, issuing].map((one) => one.certificatePem).join("\n");
  const source = certificate({
    ...inline(),
    certificate: certificates,
    sendCertificateChain: true,
  });

  const assertion = await source(requestFor());

  const chain = [leaf, issuing, root].map((one) => one.certificate.raw.toString("base64"));
  expect(decodeProtectedHeader(assertion).x5c).toEqual(chain);
});

test("a chain beside the certificate stays at home unless asked for", async () => {
  const certificates = leaf.certificatePem + issuing.certificatePem;

  const assertion = await certificate({ ...inline(), certificate: certificates })(requestFor());

  expect(decodeProtectedHeader(assertion)).not.toHaveProperty("x5c");
});

test("a call whose signal has fired is refused with the signal's reason", async () => {
  const reason = new Error("nobody waits");

  const signed = certificate(inline())(requestFor({ abortSignal: AbortSignal.abort(reason) }));

  await expect(signed).rejects.toBe(reason);
});

test("a certificate source names its kind and the end of its certificate", () => {
  const source = certificate(inline());

  expect(source.kind).toBe("certificate");
  expect(source.certificateExpiresOn).toBe(Date.parse("2099-01-01T00:00:00Z"));
});

test("without an own clock the machine's is asked at each call", async () => {
  const source = certificate({ pem: leaf.keyPem + leaf.certificatePem });
  vi.setSystemTime("2040-05-06T07:08:09Z");

  const { iat } = decodeJwt(await source(requestFor()));

  expect(iat).toBe(Date.parse("2040-05-06T07:08:09Z") / 1000);
});

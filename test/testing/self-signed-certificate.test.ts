import { X509Certificate } from "node:crypto";
import { request } from "node:https";
import { expect, test } from "vitest";
import {
  createClientKeys,
  createSelfSignedCertificate,
  LocalAuthority,
} from "../../src/testing/index.ts";

function getStatus(url: string, ca: string | undefined): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const get = request(url, { ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    get.once("error", reject).end();
  });
}

test.for(["localhost", "127.0.0.1"])(
  "a client that trusts the certificate reaches the authority as %s",
  async (host) => {
    await using authority = await LocalAuthority.start({ tls: true });
    const url = new URL("/common/discovery/instance", authority.url);
    url.hostname = host;

    const status = await getStatus(url.href, authority.certificate);

    expect(status).toBe(200);
  },
);

test("a client that does not trust the certificate does not", async () => {
  await using authority = await LocalAuthority.start({ tls: true });

  await expect(getStatus(authority.url, undefined)).rejects.toMatchObject({
    code: "DEPTH_ZERO_SELF_SIGNED_CERT",
  });
});

test("an authority can be given its certificate", async () => {
  const identity = await createSelfSignedCertificate({ hosts: ["localhost"] });
  await using authority = await LocalAuthority.start({ tls: identity });

  const status = await getStatus(
    `${authority.url}/common/discovery/instance`,
    identity.certificate,
  );

  expect(status).toBe(200);
});

test("the certificate names its hosts", async () => {
  const { certificate } = await createSelfSignedCertificate({ hosts: ["localhost", "::1"] });

  const { subjectAltName, ca } = new X509Certificate(certificate);

  expect(subjectAltName).toBe("DNS:localhost, IP Address:0:0:0:0:0:0:0:1");
  expect(ca).toBe(true);
});

test("an algorithm it does not know is refused by name", async () => {
  const making = Reflect.apply(createSelfSignedCertificate, undefined, [{ algorithm: "Ed25519" }]);

  await expect(making).rejects.toThrow('algorithm must be "EC" or "RSA", not "Ed25519"');
});

test("making a certificate leaves no polyfill behind", async () => {
  await createSelfSignedCertificate();

  expect(Reflect).not.toHaveProperty("getMetadata");
});

test("a client's keys belong to its certificate", async () => {
  const keys = await createClientKeys({ commonName: "orders", algorithm: "EC" });

  const parsed = new X509Certificate(keys.certificate);

  expect(parsed.subject).toBe("CN=orders");
  expect(parsed.publicKey.export({ format: "pem", type: "spki" })).toBe(keys.publicKey);
  expect(Buffer.from(keys.x5tS256, "base64url").toString("hex")).toBe(
    parsed.fingerprint256.replaceAll(":", "").toLowerCase(),
  );
});

import { generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { certificate } from "../../src/assertions/index.ts";
import { ConfigurationError } from "../../src/domain/errors.ts";
import { makeIdentity, pkcs8, requestFor, thrownBy } from "./support.ts";

const PASSPHRASE = "correct horse battery staple";
const own = await makeIdentity("own");
const other = await makeIdentity("other");

function exported(type: "pkcs1" | "pkcs8", encrypted: boolean): string {
  const { privateKey } = own;
  const cipher = encrypted ? { cipher: "aes-256-cbc", passphrase: PASSPHRASE } : {};
  return privateKey.export({ type, format: "pem", ...cipher }).toString();
}

describe.each([
  ["PKCS#8", exported("pkcs8", false), {}],
  ["PKCS#1", exported("pkcs1", false), {}],
  ["encrypted PKCS#8", exported("pkcs8", true), { passphrase: PASSPHRASE }],
  ["encrypted PKCS#1", exported("pkcs1", true), { passphrase: PASSPHRASE }],
])("a key in %s", (_, keyPem, passphrase) => {
  test("signs", async () => {
    const source = certificate({
      privateKey: keyPem,
      certificate: own.certificatePem,
      ...passphrase,
    });

    const assertion = await source(requestFor());

    await expect(jwtVerify(assertion, own.certificate.publicKey)).resolves.toBeDefined();
  });
});

test.each([
  ["key first", () => own.keyPem + own.certificatePem],
  ["certificate first", () => own.certificatePem + own.keyPem],
  ["Windows line breaks", () => (own.keyPem + own.certificatePem).replaceAll("\n", "\r\n")],
  ["bag attributes between", () => `Bag Attributes\n  a: b\n${own.keyPem}x\n${own.certificatePem}`],
])("key and certificate may come in one PEM: %s", async (_, pem) => {
  const assertion = await certificate({ pem: pem() })(requestFor());

  await expect(jwtVerify(assertion, own.certificate.publicKey)).resolves.toBeDefined();
});

const ecKey = pkcs8(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
const pssKey = pkcs8(generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).privateKey);
const shortKey = pkcs8(generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey);
const lostBreaks = own.keyPem.replaceAll("\n", "\\n");
const cutKey = own.keyPem.replace(/\n[^\n]+\n-----END/, "\n-----END");
const cutCertificate = own.certificatePem.replace(/\n[^\n]+\n-----END/, "\n-----END");
const encryptedKey = exported("pkcs8", true);

const REFUSED = [
  ["an EC key", { privateKey: ecKey }, /privateKey .*type ec; .*RSA/],
  ["an RSA-PSS key", { privateKey: pssKey }, /privateKey .*type rsa-pss/],
  ["an RSA key of 1024 bits", { privateKey: shortKey }, /privateKey .*1024 bits/],
  ["another's key", { privateKey: other.keyPem }, /privateKey does not belong .* certificate\./],
  ["a key whose line breaks are lost", { privateKey: lostBreaks }, /privateKey .*line breaks/],
  ["a truncated key", { privateKey: cutKey }, /privateKey .*damaged/],
  [
    "a certificate as the key",
    { privateKey: own.certificatePem },
    /privateKey holds no PEM private key\./,
  ],
  ["a path as the key", { privateKey: "/etc/key.pem" }, /privateKey holds no PEM .* ends in Path/],
  ["two keys", { privateKey: own.keyPem + other.keyPem }, /privateKey .*more than one/],
  ["an encrypted key without a passphrase", { privateKey: encryptedKey }, /give its passphrase/],
  [
    "an encrypted key with a wrong one",
    { privateKey: encryptedKey, passphrase: "swordfish" },
    /passphrase does not open/,
  ],
  [
    "a key as the certificate",
    { certificate: own.keyPem },
    /certificate holds no PEM certificate\./,
  ],
  [
    "a path as the certificate",
    { certificate: "cert.pem" },
    /certificate holds no PEM .* ends in Path/,
  ],
  ["a truncated certificate", { certificate: cutCertificate }, /certificate holds a damaged/],
  ["another's certificate", { certificate: other.certificatePem }, /does not belong/],
] as const;

describe.each(REFUSED)("%s", (_, change, message) => {
  const build = () =>
    certificate({ privateKey: own.keyPem, certificate: own.certificatePem, ...change });

  test("is refused at construction, naming the option", () => {
    const error = thrownBy(build);

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(String(error)).toMatch(message);
  });

  test("leaves nothing of key or passphrase in the error", () => {
    const shown = inspect(thrownBy(build), { depth: 9, showHidden: true });

    for (const secret of secretsOf({ privateKey: own.keyPem, ...change })) {
      expect(shown).not.toContain(secret);
    }
  });
});

test("one PEM whose key fits none of its certificates is refused", () => {
  const error = thrownBy(() => certificate({ pem: own.keyPem + other.certificatePem }));

  expect(error).toBeInstanceOf(ConfigurationError);
  expect(String(error)).toMatch(/pem holds a private key that none of its certificates is for/);
});

test("a source shows nothing of its key when it is inspected", () => {
  const source = certificate({ pem: own.keyPem + own.certificatePem });

  const shown = inspect(source, { depth: 9, showHidden: true });

  for (const secret of secretsOf({ privateKey: own.keyPem })) expect(shown).not.toContain(secret);
});

function secretsOf(options: { privateKey: string; passphrase?: string }): string[] {
  const lines = options.privateKey.split(/\\n|\n/).filter((line) => /^[\w+/=]{16,}$/.test(line));
  return options.passphrase === undefined ? lines : [...lines, options.passphrase];
}

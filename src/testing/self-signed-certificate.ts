import type { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import { checkText } from "./input-checks.ts";
import { type AlternativeName, loadX509, type X509Library } from "./load-x509.ts";

/** A certificate that is its own issuer, with its key pair, all in PEM. */
export interface SelfSignedCertificate {
  readonly certificate: string;
  /** PKCS #8. */
  readonly privateKey: string;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: string;
}

/** Whom the certificate names, for how long, and with what kind of key. */
export interface SelfSignedCertificateOptions {
  /** @defaultValue "localhost" */
  readonly commonName?: string;
  /**
   * The host names and IP addresses of a server; none makes a certificate that only signs.
   *
   * @defaultValue none
   */
  readonly hosts?: readonly string[];
  /**
   * An EC key (P-256) is made in a millisecond, an RSA key (2048 bit) in a few hundred.
   *
   * @defaultValue "EC"
   */
  readonly algorithm?: "EC" | "RSA";
  /** @defaultValue a day ago, so that a clock that lags is no obstacle */
  readonly notBefore?: Date;
  /** @defaultValue 90 days from now */
  readonly notAfter?: Date;
}

/** Makes a key pair and a certificate for it on the spot. To trust it, give the certificate as `ca`. */
export async function createSelfSignedCertificate(
  options: SelfSignedCertificateOptions = {},
): Promise<SelfSignedCertificate> {
  const commonName = checkText("commonName", options.commonName ?? "localhost");
  const signingAlgorithm = algorithmOf(options.algorithm ?? "EC");
  const x509 = loadX509();
  const keys = await generateKeys(signingAlgorithm);

  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    notBefore: options.notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: options.notAfter ?? new Date(Date.now() + 90 * DAY_MS),
    keys,
    signingAlgorithm,
    extensions: extensionsFor(x509, options.hosts ?? []),
  });
  return Object.freeze({
    certificate: `${certificate.toString("pem")}\n`,
    privateKey: await toPem("PRIVATE KEY", "pkcs8", keys.privateKey),
    publicKey: await toPem("PUBLIC KEY", "spki", keys.publicKey),
  });
}

const DAY_MS = 86_400_000;

const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};

function algorithmOf(name: "EC" | "RSA"): typeof EC | typeof RSA {
  if (name === "EC") return EC;
  if (name === "RSA") return RSA;
  throw new RangeError(`algorithm must be "EC" or "RSA", not ${JSON.stringify(name)}`);
}

async function generateKeys(algorithm: typeof EC | typeof RSA): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function extensionsFor(x509: X509Library, hosts: readonly string[]): readonly object[] {
  const usage = x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign;
  const common = [
    new x509.BasicConstraintsExtension(true, 0, true),
    new x509.KeyUsagesExtension(usage, true),
  ];
  if (hosts.length === 0) return common;

  const names = hosts.map(nameOf);
  return [
    ...common,
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension(names),
  ];
}

function nameOf(value: string): AlternativeName {
  return { type: isIP(value) === 0 ? "dns" : "ip", value };
}

async function toPem(
  label: string,
  format: "pkcs8" | "spki",
  key: webcrypto.CryptoKey,
): Promise<string> {
  const base64 = Buffer.from(await crypto.subtle.exportKey(format, key)).toString("base64");
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

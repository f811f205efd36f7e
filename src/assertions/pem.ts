import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { ConfigurationError } from "../domain/errors.ts";

/** A PEM text and the name it goes by in errors: its option, and its path if it has one. */
export interface NamedPem {
  readonly name: string;
  readonly text: string;
  /** Opens the private key in it, if that is encrypted. */
  readonly passphrase?: string | undefined;
}

const PRIVATE_KEY = /-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY)-----.*?-----END \1-----/gs;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

// jose and Entra refuse shorter keys, too; here the reason can be told.
const MIN_MODULUS_BITS = 2048;

/**
 * The one RSA private key in a PEM; other blocks are passed over.
 *
 * @throws ConfigurationError that names the PEM and tells nothing of its content. It has no
 * cause, as OpenSSL's own words help nobody.
 */
export function readPrivateKey(pem: NamedPem): KeyObject {
  const key = openPrivateKey(onlyPrivateKeyBlock(pem), pem);
  if (key.asymmetricKeyType !== "rsa") {
    const type = key.asymmetricKeyType ?? "unknown";
    throw new ConfigurationError(
      `${pem.name} holds a key of type ${type}; Entra accepts RSA keys only.`,
    );
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits >= MIN_MODULUS_BITS) return key;
  throw new ConfigurationError(
    `${pem.name} holds an RSA key of ${bits} bits; it needs at least ${MIN_MODULUS_BITS}.`,
  );
}

/**
 * The certificates in a PEM, in its order; at least one.
 *
 * @throws ConfigurationError that names the PEM.
 */
export function readCertificates({ name, text }: NamedPem): readonly X509Certificate[] {
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0)
    throw new ConfigurationError(`${name} holds no PEM certificate${hint(text)}.`);
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    throw new ConfigurationError(`${name} holds a damaged certificate; ${LINE_BREAKS}.`);
  }
}

function onlyPrivateKeyBlock({ name, text }: NamedPem): string {
  const [block, second] = text.match(PRIVATE_KEY) ?? [];
  if (second !== undefined) {
    throw new ConfigurationError(`${name} holds more than one private key; leave the right one.`);
  }
  if (block !== undefined) return block;
  throw new ConfigurationError(`${name} holds no PEM private key${hint(text)}.`);
}

function openPrivateKey(block: string, { name, passphrase }: NamedPem): KeyObject {
  const encrypted = /BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(block);
  if (encrypted && passphrase === undefined) {
    throw new ConfigurationError(`${name} holds an encrypted private key; give its passphrase.`);
  }
  try {
    if (!encrypted || passphrase === undefined) return createPrivateKey(block);
    return createPrivateKey({ key: block, passphrase });
  } catch {
    const reason = encrypted ? "that passphrase does not open" : `that is damaged; ${LINE_BREAKS}`;
    throw new ConfigurationError(`${name} holds a private key ${reason}.`);
  }
}

const LINE_BREAKS =
  "check that its line breaks have survived, which in an environment variable may be \\n";

function hint(text: string): string {
  if (text.includes("-----BEGIN ")) return "";
  return "; a path goes into the option that ends in Path, and a PFX must be converted with openssl pkcs12 -nodes";
}

import type { KeyObject, X509Certificate } from "node:crypto";
import { CLOCK_TOLERANCE_MS } from "../domain/assertion.ts";
import { AssertionUnavailableError, ConfigurationError } from "../domain/errors.ts";
import { type NamedPem, readCertificates, readPrivateKey } from "./pem.ts";

/** A private key and the certificate it belongs to. Inspection shows nothing of the key. */
export interface SigningPair {
  readonly key: KeyObject;
  /** SHA-256 of the certificate's DER, base64url: the `x5t#S256` of RFC 7515 section 4.1.8. */
  readonly thumbprint: string;
  /** The certificate first, then those that certify it, each as base64 of its DER: the `x5c` of RFC 7515 section 4.1.6. */
  readonly chain: readonly string[];
  /** Epoch milliseconds. */
  readonly startsOn: number;
  /** Epoch milliseconds. */
  readonly expiresOn: number;
}

/** Where the two halves are; the same object when one PEM holds both. */
export interface PairPems {
  readonly key: NamedPem;
  readonly certificate: NamedPem;
}

/**
 * Reads a pair. Of several certificates, the first that belongs to the key signs; its chain
 * is put in order, and certificates outside of it are left out.
 *
 * @throws ConfigurationError that names the option, when either half cannot be read or the two
 * do not belong together.
 */
export function readSigningPair({
  key: keyPem,
  certificate: certificatePem,
}: PairPems): SigningPair {
  const key = readPrivateKey(keyPem);
  const certificates = readCertificates(certificatePem);
  const leaf = certificates.find((candidate) => candidate.checkPrivateKey(key));
  if (leaf === undefined) throw mismatch(keyPem.name, certificatePem.name);
  return Object.freeze({
    key,
    thumbprint: Buffer.from(leaf.fingerprint256.replaceAll(":", ""), "hex").toString("base64url"),
    chain: chainOf(leaf, certificates).map(({ raw }) => raw.toString("base64")),
    startsOn: Date.parse(leaf.validFrom),
    expiresOn: Date.parse(leaf.validTo),
  });
}

/** Whether the certificate has ended for good, whichever clock is right. */
export function isExpired({ expiresOn }: SigningPair, now: number): boolean {
  return now > expiresOn + CLOCK_TOLERANCE_MS;
}

/**
 * Refuses to sign outside the certificate's validity, give or take five minutes for a wrong
 * clock: Entra would refuse it with a less helpful message.
 *
 * @throws AssertionUnavailableError with the date, and what this machine thinks the time is.
 */
export function refuseOutsideValidity(pair: SigningPair, now: number): void {
  if (isExpired(pair, now)) throw outsideValidity(pair, `expired on ${iso(pair.expiresOn)}`, now);
  if (now >= pair.startsOn - CLOCK_TOLERANCE_MS) return;
  throw outsideValidity(pair, `is not valid before ${iso(pair.startsOn)}`, now);
}

function chainOf(
  leaf: X509Certificate,
  certificates: readonly X509Certificate[],
): readonly X509Certificate[] {
  const chain = [leaf];
  const rest = new Set(
    certificates.filter((other) => other.fingerprint256 !== leaf.fingerprint256),
  );
  for (let last = leaf; ; ) {
    const issuer = [...rest].find((candidate) => last.checkIssued(candidate));
    if (issuer === undefined) return chain;
    chain.push(issuer);
    rest.delete(issuer);
    last = issuer;
  }
}

function mismatch(key: string, certificate: string): ConfigurationError {
  if (key === certificate) {
    return new ConfigurationError(
      `${key} holds a private key that none of its certificates is for.`,
    );
  }
  return new ConfigurationError(
    `The private key in ${key} does not belong to the certificate in ${certificate}.`,
  );
}

function outsideValidity(pair: SigningPair, what: string, now: number): AssertionUnavailableError {
  return new AssertionUnavailableError(
    `The certificate with SHA-256 thumbprint ${pair.thumbprint} ${what}, and this machine's clock says ` +
      `${iso(now)}; renew the certificate, or set the clock.`,
  );
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

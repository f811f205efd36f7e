import "./reflect-metadata.ts";

import { generateKeyPairSync, type KeyObject, randomBytes, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BasicConstraintsExtension,
  type X509Certificate as MadeCertificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { onTestFinished } from "vitest";
import type { AssertionRequest } from "../../src/assertions/index.ts";

const RSA_SHA256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

export const CLIENT_ID = "11111111-2222-3333-4444-555555555555";
export const TOKEN_ENDPOINT = "https://login.microsoftonline.com/contoso/oauth2/v2.0/token";

/** A key with a certificate for it, each as PEM. */
export interface Identity {
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly certificate: X509Certificate;
  readonly made: MadeCertificate;
  readonly privateKey: KeyObject;
}

export interface IdentityOptions {
  readonly issuer?: Identity;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** Makes an RSA key and a certificate that is self-signed, or signed by `issuer`. */
export async function makeIdentity(name: string, options: IdentityOptions = {}): Promise<Identity> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signer = options.issuer?.privateKey ?? privateKey;
  const made = await X509CertificateGenerator.create({
    serialNumber: randomBytes(8).toString("hex"),
    subject: `CN=${name}`,
    issuer: options.issuer?.made.subject ?? `CN=${name}`,
    notBefore: options.notBefore ?? new Date("2025-01-01T00:00:00Z"),
    notAfter: options.notAfter ?? new Date("2099-01-01T00:00:00Z"),
    publicKey: publicKey.toCryptoKey(RSA_SHA256, true, ["verify"]),
    signingKey: signer.toCryptoKey(RSA_SHA256, false, ["sign"]),
    signingAlgorithm: RSA_SHA256,
    extensions: [new BasicConstraintsExtension(true)],
  });
  const certificatePem = made.toString("pem");
  return {
    keyPem: pkcs8(privateKey),
    certificatePem,
    certificate: new X509Certificate(certificatePem),
    made,
    privateKey,
  };
}

export function pkcs8(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

/** What the credential hands to a source. */
export function requestFor(changes: Partial<AssertionRequest> = {}): AssertionRequest {
  return {
    clientId: CLIENT_ID,
    tenantId: "contoso",
    tokenEndpoint: TOKEN_ENDPOINT,
    abortSignal: new AbortController().signal,
    ...changes,
  };
}

/** A directory of its own for a test, removed when the test has finished. */
export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), "assertions-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A file in a directory of its own. */
export function scratchFile(content: string, name = "file"): string {
  const path = join(scratch(), name);
  writeFileSync(path, content);
  return path;
}

/** What a function threw; fails the test when it did not. */
export function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** What a promise was rejected with; fails the test when it was not. */
export async function rejectionOf(promise: unknown): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was rejected");
}

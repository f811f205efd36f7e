import { X509Certificate } from "node:crypto";
import {
  createSelfSignedCertificate,
  type SelfSignedCertificateOptions,
} from "./self-signed-certificate.ts";
import { thumbprint } from "./thumbprint.ts";

/** What a client signs its assertions with: a key pair and the certificate to register, all in PEM. */
export interface ClientKeys {
  readonly certificate: string;
  /** PKCS #8. */
  readonly privateKey: string;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: string;
  /** The certificate's SHA-1 thumbprint in base64url, as the `x5t` header gives it. */
  readonly x5t: string;
  /** The certificate's SHA-256 thumbprint in base64url, as the `x5t#S256` header gives it. */
  readonly x5tS256: string;
}

/** The kind of the keys, and the name and validity of their certificate. */
export interface ClientKeysOptions
  extends Pick<SelfSignedCertificateOptions, "commonName" | "notBefore" | "notAfter"> {
  /**
   * Entra itself takes RSA only. EC keys are made faster.
   *
   * @defaultValue "RSA"
   */
  readonly algorithm?: "RSA" | "EC";
}

/** Makes the keys and the self-signed certificate of a client. */
export async function createClientKeys(options: ClientKeysOptions = {}): Promise<ClientKeys> {
  const { commonName = "affiant test client", algorithm = "RSA", ...validity } = options;
  const made = await createSelfSignedCertificate({ ...validity, commonName, algorithm });
  const { raw } = new X509Certificate(made.certificate);
  return Object.freeze({
    ...made,
    x5t: thumbprint("sha1", raw),
    x5tS256: thumbprint("sha256", raw),
  });
}

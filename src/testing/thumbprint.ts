import { createHash } from "node:crypto";

/** The digest of a certificate's DER bytes in base64url. */
export function thumbprint(algorithm: "sha1" | "sha256", der: Uint8Array): string {
  return createHash(algorithm).update(der).digest("base64url");
}

import { createSecureContext } from "node:tls";
import { checkText, kindOf } from "./input-checks.ts";
import type { ServerIdentity } from "./listener.ts";
import { createSelfSignedCertificate } from "./self-signed-certificate.ts";

/** Reads the option `tls`; undefined is plain HTTP. Throws a `TypeError` when it is no identity. */
export async function readIdentity(tls: unknown): Promise<ServerIdentity | undefined> {
  if (tls === false) return undefined;
  if (tls === true) return createSelfSignedCertificate({ hosts: LOOPBACK });
  if (typeof tls !== "object" || tls === null) {
    throw new TypeError(
      `tls must be true, false or { certificate, privateKey }, not ${kindOf(tls)}`,
    );
  }
  return checkIdentity({
    certificate: checkText("tls.certificate", "certificate" in tls ? tls.certificate : undefined),
    privateKey: checkText("tls.privateKey", "privateKey" in tls ? tls.privateKey : undefined),
  });
}

function checkIdentity(identity: ServerIdentity): ServerIdentity {
  try {
    createSecureContext({ cert: identity.certificate, key: identity.privateKey });
    return identity;
  } catch (cause) {
    throw new TypeError(
      "tls.certificate and tls.privateKey are not PEM, or do not belong together",
      { cause },
    );
  }
}

const LOOPBACK = ["localhost", "127.0.0.1", "::1"];

import { type AssertionSource, assertionSource } from "./assertion-source.ts";
import { type CertificateOptions, resolveCertificateOptions } from "./certificate-options.ts";
import { pairSource } from "./pair-source.ts";
import { signAssertion } from "./sign-assertion.ts";
import { refuseOutsideValidity } from "./signing-pair.ts";

/**
 * Signs assertions with a certificate that is registered with the application: the
 * third argument of the credential where `@azure/identity` has `ClientCertificateCredential`.
 *
 * Each call signs anew, as `jti` may be used once, and a retry must not send what may have
 * arrived. Calls at the same time are independent, but share the reading of files.
 *
 * Key and certificate given inline are checked at construction. Given as paths, they are read
 * on each call and parsed again when they have changed, so a rotation needs no restart. While
 * the files hold no pair that fits, the last good pair goes on signing, until its certificate
 * has expired: a rotation that writes two files one after the other harms no call. It also
 * means that a rotation that never becomes whole shows only then, or as a
 * `certificateExpiresOn` that does not move.
 *
 * Needs the package `jose`, loaded at the first signature.
 *
 * Source: https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 *
 * @throws ConfigurationError at construction, naming the option that is missing or wrong. No
 * error tells anything of a key or passphrase. A call rejects with
 * `AssertionUnavailableError` when files hold no pair, the certificate has expired or is not
 * valid yet (by more than five minutes), or `jose` is missing.
 */
export function certificate(options: CertificateOptions): AssertionSource {
  const resolved = resolveCertificateOptions(options);
  const { algorithm, sendCertificateChain, lifetimeMs } = resolved;
  const pairs = pairSource(resolved);
  return assertionSource({
    kind: "certificate",
    certificateExpiresOn: () => pairs.current?.expiresOn,
    getAssertion: async (request) => {
      request.abortSignal.throwIfAborted();
      const pair = await pairs.get(request.abortSignal);
      const now = resolved.now();
      refuseOutsideValidity(pair, now);
      return signAssertion({ pair, request, algorithm, sendCertificateChain, lifetimeMs, now });
    },
  });
}

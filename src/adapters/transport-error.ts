import { TransportError } from "../domain/errors.ts";
import { systemCodeOf } from "../domain/system-code.ts";

// Node's and OpenSSL's names for a certificate that is not trusted: no retry mends that.
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS_/;

const WRONG_HOST = "ERR_TLS_CERT_ALTNAME_INVALID";

// got's name for a connection that ended in the middle of an answer.
const CUT_SHORT = "ERR_HTTP_CONTENT_LENGTH_MISMATCH";

// What writing to a connection that the other side has closed ends in.
const BROKEN = new Set(["ECONNRESET", "EPIPE"]);

export interface FailedPost {
  readonly url: string;
  /** Whether it failed before the first byte of an answer, and on what kind of connection. */
  readonly isUnanswered: "on_new_connection" | "on_reused_connection" | false;
}

/**
 * Says what happened to a request, in our own words. The foreign error is not kept, not even as
 * a cause: got's holds its options, and with them the client assertion.
 */
export function transportError(error: unknown, { url, isUnanswered }: FailedPost): TransportError {
  const systemCode = codeOf(error);
  const host = new URL(url).host;
  if (CERTIFICATE.test(systemCode)) {
    const cure =
      systemCode === WRONG_HOST
        ? "It is for another host."
        : "Give its issuer's certificate in tls.ca.";
    return new TransportError(`The certificate of ${host} is not trusted: ${systemCode}. ${cure}`, {
      systemCode,
      transient: false,
    });
  }
  return new TransportError(`The request to ${host} failed: ${systemCode}${phaseOf(error)}.`, {
    systemCode,
    staleConnection: isUnanswered === "on_reused_connection" && BROKEN.has(systemCode),
  });
}

function codeOf(error: unknown): string {
  const own = systemCodeOf(error);
  if (own === CUT_SHORT) return "ECONNRESET";
  // got wraps what Node threw, and names what it does not know itself.
  const inner = error instanceof Error ? systemCodeOf(error.cause) : undefined;
  return (own?.startsWith("ERR_GOT") ? inner : own) ?? own ?? inner ?? "UNKNOWN";
}

function phaseOf(error: unknown): string {
  const phase = typeof error === "object" && error !== null && "event" in error ? error.event : "";
  return typeof phase === "string" && /^[a-zA-Z]{1,20}$/.test(phase) ? ` during ${phase}` : "";
}

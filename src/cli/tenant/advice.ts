import { CredentialError, type CredentialErrorCode, TransportError } from "../../index.ts";
import type { TenantSettings } from "./tenant-settings.ts";

type Asked = Pick<TenantSettings, "authority">;

/** What somebody at the command line, who asked so, can do about an error. */
export function adviceFor(error: unknown, asked: Asked): string {
  if (!(error instanceof CredentialError)) return "Check the files that the options name.";
  if (error instanceof TransportError) return adviceForNetwork(error.systemCode, asked);
  return adviceForCode(error.code, error.transient);
}

function adviceForCode(code: CredentialErrorCode, transient: boolean): string {
  switch (code) {
    case "ERR_CONFIGURATION":
      return "Correct the setting that the message names.";
    case "ERR_ASSERTION_UNAVAILABLE":
      return "Check that the file is there, that you may read it, and that it holds what it should.";
    case "ERR_TOKEN_ENDPOINT":
      return transient
        ? "Try again in a moment; the authority could not serve the request."
        : "Follow the message. For a support request, quote the correlation id.";
    case "ERR_MALFORMED_RESPONSE":
      return "Check --authority: something other than a token endpoint seems to answer.";
    case "ERR_TRANSPORT":
    case "ERR_TIMEOUT":
    case "ERR_CIRCUIT_OPEN":
      return "Check the network, the proxy (HTTPS_PROXY, NO_PROXY) and --authority.";
    case "ERR_TENANT_NOT_ALLOWED":
    case "ERR_STORAGE_UNAVAILABLE":
    case "ERR_CLOSED":
      return "This should not happen here: please report it.";
    default:
      return code satisfies never;
  }
}

function adviceForNetwork(systemCode: string, { authority }: Asked): string {
  if (systemCode === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return "The certificate is for another host: check --authority, and whether a proxy stands in between.";
  }
  if (/CERT|SIGNATURE|ISSUER/.test(systemCode)) {
    return "The authority's certificate is not trusted: name the file of its issuer with --ca.";
  }
  if (systemCode === "ENOTFOUND" || systemCode === "EAI_AGAIN") {
    return authority === undefined
      ? "The name service (DNS) of this network does not know the host: check the connection and, where the way out is a proxy, HTTPS_PROXY."
      : "The host does not exist or the network has no name service: check --authority.";
  }
  if (systemCode === "ECONNREFUSED") {
    return authority === undefined
      ? "Something refuses the connection: check the firewall and the proxy (HTTPS_PROXY, NO_PROXY)."
      : "Nothing listens there: check --authority and its port.";
  }
  return adviceForCode("ERR_TRANSPORT", true);
}

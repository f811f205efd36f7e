import { ConfigurationError } from "./errors.ts";
import type { TenantId } from "./tenant.ts";
import { typeName } from "./type-name.ts";

declare const brand: unique symbol;

/** The origin of an authority: scheme, host and port, without a trailing slash. */
export type Authority = string & { readonly [brand]: "Authority" };

/** The authorities of Microsoft's clouds. */
export const AzureAuthorityHosts: {
  readonly AzurePublicCloud: string;
  readonly AzureGovernment: string;
  readonly AzureChina: string;
} = Object.freeze({
  AzurePublicCloud: "https://login.microsoftonline.com",
  AzureGovernment: "https://login.microsoftonline.us",
  AzureChina: "https://login.chinacloudapi.cn",
});

export interface AuthorityRules {
  /** Where the value came from, to name it in the error. */
  readonly source: string;
  /** Permits plain `http` to a loopback address, for an authority under test. */
  readonly allowInsecureLoopback: boolean;
}

/**
 * Reads an authority from a bare host or a URL.
 *
 * @throws ConfigurationError when it is not an https origin.
 */
export function parseAuthority(
  value: unknown,
  { source, allowInsecureLoopback }: AuthorityRules,
): Authority {
  if (typeof value !== "string")
    throw refused(source, `it must be a string, not ${typeName(value)}`);

  const text = value.trim();
  if (text === "") throw refused(source, "it is empty");
  if (/[\s\\]/.test(text)) throw refused(source, "it contains a blank or a backslash");

  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const address = hasScheme ? text : `https://${text}`;
  if (!URL.canParse(address)) throw refused(source, "it is not a host or URL");
  const url = new URL(address);

  const fault = faultOf(url, text, allowInsecureLoopback);
  if (fault !== undefined) throw refused(source, fault);
  return url.origin as Authority;
}

/**
 * The token endpoint of a tenant, built locally: no discovery request, and no host from a response.
 * AD FS, named by the tenant `adfs`, has a path of its own.
 */
export function tokenEndpointUrl(authority: Authority, tenant: TenantId): string {
  return tenant === "adfs"
    ? `${authority}/adfs/oauth2/token`
    : `${authority}/${tenant}/oauth2/v2.0/token`;
}

function faultOf(url: URL, text: string, allowInsecureLoopback: boolean): string | undefined {
  if (url.username !== "" || url.password !== "") return "it holds a user or password";
  if (text.includes("?")) return "it has a query";
  if (text.includes("#")) return "it has a fragment";
  if (/[^/]/.test(url.pathname)) return "it has a path; give the host alone";
  if (url.hostname === "") return "it names no host";
  if (url.protocol === "https:") return undefined;
  if (url.protocol !== "http:")
    return `its scheme is ${url.protocol.slice(0, -1)}; only https is allowed`;
  if (!isLoopback(url.hostname)) return "plain http would send the assertion in clear; use https";
  if (!allowInsecureLoopback) {
    return "plain http is refused, even to a loopback address, unless unsafeAllowInsecureLoopback is true";
  }
  return undefined;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function refused(source: string, fault: string): ConfigurationError {
  return new ConfigurationError(`${source} cannot be used as an authority: ${fault}.`);
}

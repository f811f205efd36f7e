import { X509Certificate } from "node:crypto";
import type { TokenEndpoint } from "../core/ports.ts";
import type { Authority } from "../domain/authority.ts";
import { ConfigurationError } from "../domain/errors.ts";
import {
  type NumberRule,
  numberWithin,
  refuseUnknownOptions,
  requireObject,
  requireText,
} from "../domain/option-checks.ts";
import type { ClientAssertionCredentialOptions } from "./credential-options.ts";

/** The environment as the credential reads it, once, at construction. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How token requests travel. */
export interface TransportSettings {
  /** The caller's own transport; the rest is then of no use. */
  readonly transport: TokenEndpoint | undefined;
  readonly ca: readonly string[] | undefined;
  /** Proxy variables for Node's agents. */
  readonly proxyEnv: Environment;
  readonly userAgentPrefix: string | undefined;
}

type Options = ClientAssertionCredentialOptions;

const PROXY_VARIABLES = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"];

const PORT: NumberRule = { min: 1, max: 65_535, fallback: 443, whole: true };

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** @throws ConfigurationError naming the option or variable that is wrong; never its value, which may hold a password. */
export function transportSettings(
  options: Options,
  authority: Authority,
  environment: Environment,
): TransportSettings {
  const transport = transportOf(options);
  return {
    transport,
    ca: certificatesOf(options),
    // A transport of the caller's own has a proxy of its own, if any.
    proxyEnv: transport === undefined ? proxyOf(options, authority, environment) : {},
    userAgentPrefix: userAgentPrefixOf(options),
  };
}

function transportOf({ transport }: Options): TokenEndpoint | undefined {
  if (transport === undefined) return undefined;
  const isObject = typeof transport === "object" && transport !== null;
  if (isObject && typeof transport.post === "function") return transport;
  throw new ConfigurationError(
    "transport must be an object with a post method (see TokenEndpoint).",
  );
}

function certificatesOf({ tls = {}, tlsOptions = {} }: Options): readonly string[] | undefined {
  refuseUnknownOptions("tls", tls, new Set(["ca"]));
  requireObject("tlsOptions", tlsOptions);
  const [option, given] =
    tls.ca === undefined ? ["tlsOptions.ca", Reflect.get(tlsOptions, "ca")] : ["tls.ca", tls.ca];
  if (given === undefined) return undefined;
  const texts = [given].flat().map((ca) => (Buffer.isBuffer(ca) ? ca.toString() : ca));
  if (texts.length > 0 && texts.every(isPem)) return texts;
  throw new ConfigurationError(`${option} must be a certificate in PEM, or an array of them.`);
}

function isPem(text: unknown): boolean {
  const certificates = typeof text === "string" ? (text.match(CERTIFICATE) ?? []) : [];
  return certificates.length > 0 && certificates.every(isCertificate);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function proxyOf(
  { proxyOptions }: Options,
  authority: Authority,
  environment: Environment,
): Environment {
  if (proxyOptions === undefined) return proxyVariables(authority, environment);
  requireObject("proxyOptions", proxyOptions);
  const { host, port, username, password } = proxyOptions;
  const text = requireText("proxyOptions.host", host).trim();
  const url = proxyUrl(text.includes("://") ? text : `http://${text}`);
  if (url === undefined) {
    throw new ConfigurationError("proxyOptions.host must be a host or an http or https origin.");
  }
  url.port = String(numberWithin("proxyOptions.port", port, PORT));
  if (username !== undefined) url.username = requireText("proxyOptions.username", username);
  if (password !== undefined) url.password = requireText("proxyOptions.password", password);
  return { HTTPS_PROXY: url.href, HTTP_PROXY: url.href };
}

// Only those that Node reads, in either case; of the rest of the environment nothing is kept. The one
// for the authority's scheme is checked: Node would throw it out with an error that quotes it.
function proxyVariables(authority: Authority, environment: Environment): Environment {
  const found = Object.entries(environment).filter(([name]) =>
    PROXY_VARIABLES.includes(name.toUpperCase()),
  );
  const scheme = `${new URL(authority).protocol.slice(0, -1)}_proxy`.toUpperCase();
  const used = found.filter(
    ([name]) => name.toUpperCase() === scheme || name.toUpperCase() === "NO_PROXY",
  );
  for (const [name, value = ""] of used) {
    if (name.toUpperCase() !== scheme || value === "" || proxyUrl(value) !== undefined) continue;
    throw new ConfigurationError(
      `The environment's ${name} is not the http or https origin of a proxy, such as http://proxy.example:8080.`,
    );
  }
  return Object.fromEntries(used);
}

function proxyUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isOrigin = url.pathname === "/" && url.search === "" && url.hash === "";
  return isOrigin && /^https?:$/.test(url.protocol) ? url : undefined;
}

function userAgentPrefixOf({ userAgentOptions = {} }: Options): string | undefined {
  requireObject("userAgentOptions", userAgentOptions);
  const { userAgentPrefix: prefix } = userAgentOptions;
  return prefix === undefined ? undefined : requireText("userAgentOptions.userAgentPrefix", prefix);
}

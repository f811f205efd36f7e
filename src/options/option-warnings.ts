import { nearest } from "../domain/nearest.ts";
import type { ClientAssertionCredentialOptions } from "./credential-options.ts";

// Options of @azure/identity that mean something there and nothing here, with what does instead.
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  retryOptions: "use resilience.maxRetries and its neighbors",
  httpClient: "use transport",
  additionalPolicies: "use transport",
  agent: "use transport",
  redirectOptions: "redirects are never followed",
  telemetryOptions: "use userAgentOptions and telemetry",
  allowInsecureConnection: "use unsafeAllowInsecureLoopback",
};

const KNOWN: ReadonlySet<string> = new Set<keyof ClientAssertionCredentialOptions>([
  "authorityHost",
  "authority",
  "additionallyAllowedTenants",
  "disableInstanceDiscovery",
  "unsafeAllowInsecureLoopback",
  "cache",
  "refresh",
  "resilience",
  "telemetry",
  "transport",
  "tls",
  "tlsOptions",
  "userAgentOptions",
  "proxyOptions",
  "loggingOptions",
  "tokenCachePersistenceOptions",
]);

const warned = new Set<string>();

/**
 * Warns, once per process and option, about options that were carried over and have no effect, and
 * about unknown ones that look like a slip. Other unknown options are ignored, as a drop-in must.
 */
export function warnOfOptions(options: ClientAssertionCredentialOptions): void {
  for (const name of Object.keys(options)) {
    if (KNOWN.has(name) || Reflect.get(options, name) === undefined || warned.has(name)) continue;
    const instead = WITHOUT_EFFECT[name];
    const meant = nearest(name, KNOWN);
    if (instead !== undefined) {
      warn(name, `The option ${name} of @azure/identity has no effect here: ${instead}.`);
    } else if (meant !== undefined) {
      warn(name, `The option ${name} is unknown and ignored. Did you mean ${meant}?`);
    }
  }
}

function warn(name: string, message: string): void {
  warned.add(name);
  process.emitWarning(message, {
    type: "AffiantWarning",
    code: "AFFIANT_OPTION_WITHOUT_EFFECT",
  });
}

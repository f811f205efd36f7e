import { ConfigurationError } from "./errors.ts";
import { redactSecrets } from "./redact.ts";

// RFC 6749 section 3.3: printable ASCII without blank, quote and backslash.
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/**
 * Reads the scopes of a call: white space separates them inside a string and inside each
 * element; they come back without duplicates and sorted, since their order means nothing.
 *
 * @throws ConfigurationError when there is none or one holds a character no scope may have.
 */
export function parseScopes(value: unknown): readonly string[] {
  const parts = typeof value === "string" ? [value] : value;
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === "string")) {
    throw new ConfigurationError("scopes must be a string or an array of strings.");
  }

  const scopes = new Set(
    parts.flatMap((part) => part.split(/\s+/)).filter((scope) => scope !== ""),
  );
  if (scopes.size === 0) throw new ConfigurationError("scopes must name at least one scope.");
  for (const scope of scopes) {
    if (!SCOPE.test(scope)) {
      throw new ConfigurationError(
        `scopes must be printable ASCII without quotes and backslashes (RFC 6749, section 3.3): ${JSON.stringify(scope.slice(0, 100))} is not.`,
      );
    }
  }
  return Object.freeze([...scopes].sort());
}

/** The text of scopes given alone, as a string or in an array: it may be the very key of their token. */
export function soleScope(scopes: unknown): string | undefined {
  if (typeof scopes === "string") return scopes;
  const scope: unknown = Array.isArray(scopes) && scopes.length === 1 ? scopes[0] : undefined;
  return typeof scope === "string" ? scope : undefined;
}

// Longer than any resource there is.
const MAX_RESOURCE = 256;

/**
 * The resource a scope belongs to, to be told: `https://vault.azure.net/.default` is of
 * `https://vault.azure.net`. A scope is the caller's text, and may be a token or a URL with a signature
 * by mistake: what looks like a secret is left out.
 */
export function resourceOf(scopes: readonly string[]): string {
  const [first = ""] = scopes;
  const [address = ""] = first.replace(/\/\/[^/@]*@/, "//").split(/[?#]/);
  const scope = redactSecrets(address.slice(0, 4 * MAX_RESOURCE)).slice(0, MAX_RESOURCE);
  const end = scope.lastIndexOf("/");
  return end > 0 ? scope.slice(0, end) : scope;
}

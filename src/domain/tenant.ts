import { ConfigurationError, TenantNotAllowedError } from "./errors.ts";

declare const brand: unique symbol;

/** A tenant's GUID or domain name in lower case: Entra compares tenants without case. */
export type TenantId = string & { readonly [brand]: "TenantId" };

// Letters, digits, dots and hyphens, with a letter or digit at both ends.
const TENANT = /^[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?$/;

// A domain name has at most 253 characters, a GUID 36.
const MAX_LENGTH = 253;

const SHARED_TENANTS = new Set(["common", "organizations", "consumers"]);

/**
 * Reads a tenant. The characters are checked because the tenant becomes a part of the
 * token URL, where a slash or `..` would lead elsewhere.
 *
 * @throws ConfigurationError when it is no tenant, or one that cannot serve client credentials.
 */
export function parseTenant(value: string, source = "tenantId"): TenantId {
  if (!TENANT.test(value) || value.includes("..") || value.length > MAX_LENGTH) {
    throw new ConfigurationError(
      `${source} is not a tenant id or domain name: only letters, digits, '.' and '-' are allowed, ` +
        "with a letter or digit at both ends.",
    );
  }
  const tenant = value.toLowerCase();
  if (SHARED_TENANTS.has(tenant)) {
    throw new ConfigurationError(
      `${source} is '${tenant}', which cannot serve client credentials: name the tenant itself.`,
    );
  }
  return tenant as TenantId;
}

/** Which tenants one credential may ask. */
export interface TenantRules {
  readonly configured: TenantId;
  /** Lower case; `*` anywhere allows any tenant. */
  readonly allowed: ReadonlySet<string>;
  /** The environment's AZURE_IDENTITY_DISABLE_MULTITENANTAUTH is set. */
  readonly multiTenantDisabled: boolean;
}

/**
 * The tenant that a call asks: the configured one unless the call names another that is allowed.
 *
 * @throws ConfigurationError when the name is no tenant.
 * @throws TenantNotAllowedError when the tenant is not in the list.
 */
export function resolveTenant(asked: string | undefined, rules: TenantRules): TenantId {
  if (asked === undefined || asked === "") return rules.configured;
  const tenant = parseTenant(asked, "The tenantId of the call");

  if (tenant === rules.configured) return tenant;
  if (rules.configured === "adfs" || rules.multiTenantDisabled) return rules.configured;
  if (rules.allowed.has("*") || rules.allowed.has(tenant)) return tenant;

  throw new TenantNotAllowedError(
    `The tenant '${tenant}' is not allowed for this credential: add it to additionallyAllowedTenants, ` +
      "or '*' to allow any.",
  );
}

import { kindOf } from "./input-checks.ts";

const TENANT = /^[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?$/;

const SHARED = new Set(["common", "organizations", "consumers"]);

/** Whether a path segment can be a tenant: a GUID, or a domain name. */
export function isTenantName(value: string): boolean {
  return TENANT.test(value) && !value.includes("..");
}

/** Whether the tenant stands for many, none of which can be told in a client credentials request. */
export function isSharedTenant(tenant: string): boolean {
  return SHARED.has(tenant.toLowerCase());
}

/**
 * Reads a list of tenants into lower case, in which Entra compares them; `undefined` stays
 * undefined and means any.
 */
export function readTenants(name: string, value: unknown): ReadonlySet<string> | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new TypeError(`${name} must be an array, not ${kindOf(value)}`);
  if (value.length === 0)
    throw new RangeError(`${name} is empty; leave it out to accept any tenant`);
  return new Set(value.map((tenant: unknown) => readTenant(name, tenant)));
}

function readTenant(name: string, value: unknown): string {
  if (typeof value !== "string") {
    throw new TypeError(`${name} must hold strings, not ${kindOf(value)}`);
  }
  if (!isTenantName(value)) throw new RangeError(`${name} holds '${value}', which is no tenant`);
  return value.toLowerCase();
}

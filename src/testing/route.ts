import { isTenantName } from "./tenant-name.ts";

/** What a path asks for. */
export type Route =
  | { readonly kind: "token"; readonly tenantId: string }
  | DocumentRoute
  | { readonly kind: "malformed-tenant"; readonly tenantId: string }
  | { readonly kind: "unknown" };

/** The documents that an authority publishes. */
export type DocumentRoute =
  | { readonly kind: "openid-configuration"; readonly tenantId: string }
  | { readonly kind: "keys"; readonly tenantId: string }
  | { readonly kind: "instance" };

/** Finds what a request's target asks for, whatever its method and query. */
export function findRoute(target: string): Route {
  const [, tenantId = "", ...rest] = target.replace(/\?.*$/s, "").split("/");
  const path = rest.join("/");
  if (tenantId === "common" && path === "discovery/instance") return { kind: "instance" };

  const kind = (tenantId === "adfs" ? ADFS_PATHS : ENTRA_PATHS).get(path);
  if (kind === undefined) return { kind: "unknown" };
  return isTenantName(tenantId) ? { kind, tenantId } : { kind: "malformed-tenant", tenantId };
}

type TenantRoute = "token" | "openid-configuration" | "keys";

const ENTRA_PATHS: ReadonlyMap<string, TenantRoute> = new Map([
  ["oauth2/v2.0/token", "token"],
  ["v2.0/.well-known/openid-configuration", "openid-configuration"],
  ["discovery/v2.0/keys", "keys"],
]);

const ADFS_PATHS: ReadonlyMap<string, TenantRoute> = new Map([
  ["oauth2/token", "token"],
  [".well-known/openid-configuration", "openid-configuration"],
  ["discovery/keys", "keys"],
]);

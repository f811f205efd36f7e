import type { Authority } from "./authority.ts";
import type { Claims } from "./claims.ts";
import type { TenantId } from "./tenant.ts";

/** What a call asks for, resolved: two equal requests may share one token. */
export interface TokenRequest {
  readonly authority: Authority;
  readonly tenantId: TenantId;
  readonly clientId: string;
  /** Sorted, without duplicates. */
  readonly scopes: readonly string[];
  readonly claims: Claims;
  /** Continuous access evaluation: such tokens live longer and may be challenged. */
  readonly cae: boolean;
  /** The tenant is the credential's own. */
  readonly ownTenant: boolean;
}

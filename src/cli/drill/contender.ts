import type { AccessToken } from "@azure/core-auth";
import type { AcquisitionOptions, ClientAssertionCredentialOptions } from "../../index.ts";
import type { LocalAuthority } from "../../testing/index.ts";

/** Signs an assertion for the authority; the same one for a minute, so that signing is no part of the load. */
export type Sign = (tokenEndpoint: string) => Promise<string>;

/** A credential under test, ours or the incumbent's. */
export interface Contender {
  readonly getToken: (scope: string, options?: AcquisitionOptions) => Promise<AccessToken>;
  /** How often it asked for an assertion. */
  readonly assertions: () => number;
  readonly close: () => Promise<void>;
}

/** How a credential is made. */
export interface ContenderSetup {
  readonly authority: LocalAuthority;
  readonly sign: Sign;
  /** Those of ours; the incumbent knows the ones that it has under the same name. */
  readonly options: ClientAssertionCredentialOptions;
}

/** Makes a credential that knows no token yet. */
export type MakeContender = (setup: ContenderSetup) => Contender;

/** The tenant and the app of all scenarios; nobody can own the names of `.example` (RFC 2606). */
export const TENANT = "contoso.example";
export const CLIENT = "5f3a9c1e-0000-4000-8000-000000000002";

/** Where the authority takes the requests of a tenant. */
export function tokenEndpointOf(authority: LocalAuthority, tenantId: string): string {
  return `${authority.url}/${tenantId}/oauth2/v2.0/token`;
}

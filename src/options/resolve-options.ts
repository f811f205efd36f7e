import type { GateRules } from "../core/refresh-gate.ts";
import { type Authority, AzureAuthorityHosts, parseAuthority } from "../domain/authority.ts";
import { ConfigurationError, StorageUnavailableError } from "../domain/errors.ts";
import {
  booleanOr,
  refuseUnknownOptions,
  requireObject,
  requireText,
} from "../domain/option-checks.ts";
import { parseTenant, type TenantRules } from "../domain/tenant.ts";
import type { RefreshRules } from "../domain/token-times.ts";
import type { ClientAssertionCredentialOptions } from "./credential-options.ts";
import { CACHE, CIRCUIT, longestWait, numbersOf, REFRESH, RESILIENCE } from "./number-groups.ts";
import {
  type Environment,
  type TransportSettings,
  transportSettings,
} from "./transport-options.ts";

/** Options with every default filled in and every value checked; frozen. */
export interface ResolvedOptions extends TransportSettings {
  readonly authority: Authority;
  readonly tenants: TenantRules;
  readonly maxEntries: number;
  readonly refresh: RefreshRules;
  readonly gate: GateRules;
  readonly resilience: ResolvedResilience;
  readonly telemetry: { readonly enabled: boolean; readonly name: string };
}

/** Durations in milliseconds. */
interface ResolvedResilience {
  readonly deadlineMs: number;
  readonly attemptTimeoutMs: number;
  readonly assertionTimeoutMs: number;
  readonly maxRetries: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly circuitBreaker: { readonly failures: number; readonly openMs: number } | false;
}

// Not options: how long a key without a usable token is left alone (docs/behavior.md, 5.4).
const COLD_GATE = { backoffMs: 200, maxBackoffMs: 5_000, hopelessMs: 30_000 };

/**
 * Checks all options and fills in the defaults.
 *
 * @throws ConfigurationError naming the option, what it got and what is allowed.
 * @throws StorageUnavailableError when token persistence is asked for.
 */
export function resolveOptions(
  tenantId: string,
  options: ClientAssertionCredentialOptions,
  environment: Environment,
): ResolvedOptions {
  requireObject("options", options);
  refusePersistence(options);
  booleanOr("disableInstanceDiscovery", options.disableInstanceDiscovery, false);
  requireObject("loggingOptions", options.loggingOptions ?? {});
  const refresh = numbersOf("refresh", options.refresh, REFRESH);

  const authority = authorityOf(options, environment);
  return Object.freeze({
    authority,
    tenants: tenantsOf(tenantId, options, environment),
    ...numbersOf("cache", options.cache, CACHE),
    refresh,
    gate: { ...coolDownsOf(options, refresh), ...COLD_GATE },
    resilience: resilienceOf(options),
    telemetry: telemetryOf(options),
    ...transportSettings(options, authority, environment),
  });
}

function authorityOf(
  { authorityHost, authority, unsafeAllowInsecureLoopback }: ClientAssertionCredentialOptions,
  environment: Environment,
): Authority {
  const allowInsecureLoopback = booleanOr(
    "unsafeAllowInsecureLoopback",
    unsafeAllowInsecureLoopback,
    false,
  );
  const read = (source: string, value: unknown) =>
    parseAuthority(value, { source, allowInsecureLoopback });

  if (authorityHost !== undefined) return read("authorityHost", authorityHost);
  if (authority !== undefined) return read("authority", authority);
  const fromEnvironment = environment["AZURE_AUTHORITY_HOST"];
  if (fromEnvironment) return read("The environment's AZURE_AUTHORITY_HOST", fromEnvironment);
  return read("The default authority", AzureAuthorityHosts.AzurePublicCloud);
}

function tenantsOf(
  tenantId: string,
  { additionallyAllowedTenants: allowed = [] }: ClientAssertionCredentialOptions,
  environment: Environment,
): TenantRules {
  if (!Array.isArray(allowed) || !allowed.every((tenant) => typeof tenant === "string")) {
    throw new ConfigurationError("additionallyAllowedTenants must be an array of strings.");
  }
  const tenants = allowed.map((tenant, index) =>
    tenant === "*" ? tenant : parseTenant(tenant, `additionallyAllowedTenants[${index}]`),
  );
  return {
    configured: parseTenant(tenantId),
    allowed: new Set<string>(tenants),
    multiTenantDisabled: Boolean(environment["AZURE_IDENTITY_DISABLE_MULTITENANTAUTH"]),
  };
}

function coolDownsOf(
  { refresh: given }: ClientAssertionCredentialOptions,
  numbers: Readonly<Record<"coolDownMs" | "maxCoolDownMs", number>>,
): Pick<GateRules, "coolDownMs" | "maxCoolDownMs"> {
  const waits = {
    group: "refresh",
    given,
    numbers,
    first: "coolDownMs",
    longest: "maxCoolDownMs",
  } as const;
  return { coolDownMs: numbers.coolDownMs, maxCoolDownMs: longestWait(waits) };
}

function resilienceOf({ resilience = {} }: ClientAssertionCredentialOptions): ResolvedResilience {
  const known = new Set([...Object.keys(RESILIENCE), "circuitBreaker"]);
  refuseUnknownOptions("resilience", resilience, known);
  const { circuitBreaker, ...rest } = resilience;
  const numbers = numbersOf("resilience", rest, RESILIENCE);
  return {
    ...numbers,
    maxBackoffMs: longestWait({
      group: "resilience",
      given: resilience,
      numbers,
      first: "backoffMs",
      longest: "maxBackoffMs",
    }),
    circuitBreaker:
      circuitBreaker !== false && numbersOf("resilience.circuitBreaker", circuitBreaker, CIRCUIT),
  };
}

function telemetryOf({
  telemetry = {},
}: ClientAssertionCredentialOptions): ResolvedOptions["telemetry"] {
  refuseUnknownOptions("telemetry", telemetry, new Set(["enabled", "name"]));
  const { enabled, name } = telemetry;
  return {
    enabled: booleanOr("telemetry.enabled", enabled, true),
    name: name === undefined ? "default" : requireText("telemetry.name", name),
  };
}

function refusePersistence({
  tokenCachePersistenceOptions: asked,
}: ClientAssertionCredentialOptions): void {
  requireObject("tokenCachePersistenceOptions", asked ?? {});
  if (!asked?.enabled) return;
  throw new StorageUnavailableError(
    "tokenCachePersistenceOptions asks for tokens that outlive the process, which this version cannot keep.",
  );
}

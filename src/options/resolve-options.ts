import type { Resilience } from "../core/ports.ts";
import type { GateRules } from "../core/refresh-gate.ts";
import { type Authority, AzureAuthorityHosts, parseAuthority } from "../domain/authority.ts";
import { ConfigurationError, StorageUnavailableError } from "../domain/errors.ts";
import { booleanOr, refuseUnknownOptions, requireObject } from "../domain/option-checks.ts";
import { parseTenant, type TenantRules } from "../domain/tenant.ts";
import type { RefreshRules } from "../domain/token-times.ts";
import type { ClientAssertionCredentialOptions } from "./credential-options.ts";
import { CACHE, longestWait, numbersOf, REFRESH } from "./number-groups.ts";
import type { ResilienceOptions } from "./resilience-options.ts";
import { type ResolvedResilience, resolveResilience } from "./resolve-resilience.ts";
import { type ResolvedTelemetry, resolveTelemetry } from "./telemetry-options.ts";
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
  readonly keepWarm: boolean;
  readonly gate: GateRules;
  readonly resilience: ResolvedResilience | Resilience;
  readonly telemetry: ResolvedTelemetry;
}

const RESILIENCE_PORT: readonly (keyof Resilience)[] = ["run", "circuit", "onCircuitChange"];

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
  const { refresh, keepWarm } = refreshOf(options);

  const authority = authorityOf(options, environment);
  return Object.freeze({
    authority,
    tenants: tenantsOf(tenantId, options, environment),
    ...numbersOf("cache", options.cache, CACHE),
    refresh,
    keepWarm,
    gate: { ...coolDownsOf(options, refresh), ...COLD_GATE },
    resilience: isResilience(options.resilience)
      ? options.resilience
      : resolveResilience(options.resilience),
    telemetry: resolveTelemetry(options.telemetry, options.loggingOptions),
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

function refreshOf({ refresh: given = {} }: ClientAssertionCredentialOptions): {
  readonly refresh: Readonly<Record<keyof typeof REFRESH, number>>;
  readonly keepWarm: boolean;
} {
  refuseUnknownOptions("refresh", given, new Set([...Object.keys(REFRESH), "keepWarm"]));
  const { keepWarm, ...numbers } = given;
  return {
    refresh: numbersOf("refresh", numbers, REFRESH),
    keepWarm: booleanOr("refresh.keepWarm", keepWarm, false),
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

function isResilience(given: ResilienceOptions | Resilience | undefined): given is Resilience {
  return RESILIENCE_PORT.every(
    (method) => given instanceof Object && typeof Reflect.get(given, method) === "function",
  );
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

import type { TokenEndpoint } from "./core/ports.ts";
import type { GateRules } from "./core/refresh-gate.ts";
import { type Authority, AzureAuthorityHosts, parseAuthority } from "./domain/authority.ts";
import { ConfigurationError, StorageUnavailableError } from "./domain/errors.ts";
import {
  booleanOr,
  type NumberRule,
  numberWithin,
  refuseUnknownOptions,
  requireText,
  typeName,
} from "./domain/option-checks.ts";
import { parseTenant, type TenantRules } from "./domain/tenant.ts";
import type { RefreshRules } from "./domain/token-times.ts";
import type { ClientAssertionCredentialOptions } from "./options.ts";

/** The environment as the credential reads it, once, at construction. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Options with every default filled in and every value checked; frozen. */
export interface ResolvedOptions {
  readonly authority: Authority;
  readonly tenants: TenantRules;
  readonly maxEntries: number;
  readonly refresh: RefreshRules;
  readonly gate: GateRules;
  readonly resilience: ResolvedResilience;
  readonly telemetry: { readonly enabled: boolean; readonly name: string };
  readonly transport: TokenEndpoint | undefined;
  readonly ca: readonly string[] | undefined;
  readonly proxyEnv: Environment;
  readonly userAgentPrefix: string | undefined;
}

/** Durations in milliseconds. */
export interface ResolvedResilience {
  readonly deadlineMs: number;
  readonly attemptTimeoutMs: number;
  readonly assertionTimeoutMs: number;
  readonly maxRetries: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly circuitBreaker: { readonly failures: number; readonly openMs: number } | false;
}

const HOUR_MS = 3_600_000;

const ms = (min: number, max: number, fallback: number): NumberRule => ({
  min,
  max,
  fallback,
  whole: true,
});

const CACHE = { maxEntries: { min: 1, max: 1_000_000, fallback: 10_000, whole: true } };

const REFRESH = {
  windowMs: ms(0, 24 * HOUR_MS, 300_000),
  expiryMarginMs: ms(0, HOUR_MS, 30_000),
  jitter: { min: 0, max: 0.5, fallback: 0.1, whole: false },
  coolDownMs: ms(100, HOUR_MS, 30_000),
  maxCoolDownMs: ms(100, 24 * HOUR_MS, 300_000),
};

const RESILIENCE = {
  deadlineMs: ms(1, HOUR_MS, 30_000),
  attemptTimeoutMs: ms(1, HOUR_MS, 10_000),
  assertionTimeoutMs: ms(1, HOUR_MS, 10_000),
  maxRetries: { min: 0, max: 10, fallback: 3, whole: true },
  backoffMs: ms(1, 60_000, 200),
  maxBackoffMs: ms(1, HOUR_MS, 5_000),
};

const CIRCUIT = {
  failures: { min: 1, max: 1_000, fallback: 5, whole: true },
  openMs: ms(100, HOUR_MS, 10_000),
};

// Not options: how long a key without a usable token is left alone (rule 5.4 of the behavior).
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
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new ConfigurationError(`options must be an object, not ${typeName(options)}.`);
  }
  refusePersistence(options);
  booleanOr("disableInstanceDiscovery", options.disableInstanceDiscovery, false);
  const { coolDownMs, maxCoolDownMs, ...refresh } = numbers("refresh", options.refresh, REFRESH);

  return Object.freeze({
    authority: authorityOf(options, environment),
    tenants: tenantsOf(tenantId, options, environment),
    ...numbers("cache", options.cache, CACHE),
    refresh,
    gate: { coolDownMs, maxCoolDownMs, ...COLD_GATE },
    resilience: resilienceOf(options),
    telemetry: telemetryOf(options),
    transport: transportOf(options),
    ca: certificatesOf(options),
    proxyEnv: proxyOf(options, environment),
    userAgentPrefix: userAgentPrefixOf(options),
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

function resilienceOf({ resilience = {} }: ClientAssertionCredentialOptions): ResolvedResilience {
  const known = new Set([...Object.keys(RESILIENCE), "circuitBreaker"]);
  refuseUnknownOptions("resilience", resilience, known);
  const { circuitBreaker, ...rest } = resilience;
  return {
    ...numbers("resilience", rest, RESILIENCE),
    circuitBreaker:
      circuitBreaker !== false && numbers("resilience.circuitBreaker", circuitBreaker, CIRCUIT),
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

function transportOf({ transport }: ClientAssertionCredentialOptions): TokenEndpoint | undefined {
  if (transport === undefined) return undefined;
  if (typeof transport === "object" && transport !== null && typeof transport.post === "function") {
    return transport;
  }
  throw new ConfigurationError(
    "transport must be an object with a post method (see TokenEndpoint).",
  );
}

function certificatesOf({
  tls = {},
}: ClientAssertionCredentialOptions): readonly string[] | undefined {
  refuseUnknownOptions("tls", tls, new Set(["ca"]));
  if (tls.ca === undefined) return undefined;
  const certificates = [tls.ca].flat();
  if (certificates.length > 0 && certificates.every((text) => isPemCertificate(text)))
    return certificates;
  throw new ConfigurationError("tls.ca must be a certificate in PEM, or an array of them.");
}

function isPemCertificate(text: unknown): boolean {
  return typeof text === "string" && text.includes("-----BEGIN CERTIFICATE-----");
}

function proxyOf(
  { proxyOptions }: ClientAssertionCredentialOptions,
  environment: Environment,
): Environment {
  if (proxyOptions === undefined) return environment;
  if (typeof proxyOptions !== "object" || proxyOptions === null) {
    throw new ConfigurationError(`proxyOptions must be an object, not ${typeName(proxyOptions)}.`);
  }
  const { host, port, username = "", password = "" } = proxyOptions;
  const text = requireText("proxyOptions.host", host);
  const address = text.includes("://") ? text : `http://${text}`;
  if (!URL.canParse(address)) {
    throw new ConfigurationError("proxyOptions.host must be a host or URL.");
  }
  const url = new URL(address);
  url.port = String(numberWithin("proxyOptions.port", port, PORT));
  url.username = username;
  url.password = password;
  return { HTTPS_PROXY: url.href, HTTP_PROXY: url.href };
}

const PORT = { min: 1, max: 65_535, fallback: 443, whole: true };

function userAgentPrefixOf({
  userAgentOptions,
}: ClientAssertionCredentialOptions): string | undefined {
  const prefix = userAgentOptions?.userAgentPrefix;
  return prefix === undefined ? undefined : requireText("userAgentOptions.userAgentPrefix", prefix);
}

function refusePersistence({
  tokenCachePersistenceOptions: asked,
}: ClientAssertionCredentialOptions): void {
  if (!asked?.enabled) return;
  throw new StorageUnavailableError(
    "tokenCachePersistenceOptions asks for tokens that outlive the process, which this version cannot keep.",
  );
}

/** Checks a group of numbers member by member. */
function numbers<Name extends string>(
  group: string,
  given: unknown,
  rules: Readonly<Record<Name, NumberRule>>,
): Readonly<Record<Name, number>> {
  const values = given === undefined ? {} : given;
  refuseUnknownOptions(group, values, new Set(Object.keys(rules)));
  const members = Object.entries<NumberRule>(rules).map(([name, rule]) => [
    name,
    numberWithin(`${group}.${name}`, Reflect.get(values, name), rule),
  ]);
  return Object.fromEntries(members);
}

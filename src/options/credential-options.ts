import type { Resilience, TokenEndpoint } from "../core/ports.ts";
import type { ResilienceOptions } from "./resilience-options.ts";
import type { TelemetryOptions } from "./telemetry-options.ts";

/** What a `ClientAssertionCredential` can be told. All of it is optional and read once, at construction. */
export interface ClientAssertionCredentialOptions {
  /**
   * Host or URL of the authority.
   *
   * @defaultValue the environment's `AZURE_AUTHORITY_HOST`, else `https://login.microsoftonline.com`
   */
  readonly authorityHost?: string;
  /** The same under the name that Python's azure-identity uses. */
  readonly authority?: string;
  /** Tenants beside the credential's own that a call may name; `*` allows any. */
  readonly additionallyAllowedTenants?: readonly string[];
  /** Accepted for drop-in use; there is no instance discovery to disable. */
  readonly disableInstanceDiscovery?: boolean;
  /** Permits plain `http` to a loopback address, for an authority under test. */
  readonly unsafeAllowInsecureLoopback?: boolean;
  readonly cache?: CacheOptions;
  readonly refresh?: RefreshOptions;
  /** Options for a guard of the credential's own, or what `createResilience` made, for several to share. */
  readonly resilience?: ResilienceOptions | Resilience;
  readonly telemetry?: TelemetryOptions;
  /**
   * Sends the token requests in place of the built-in transport; `tls` and `proxyOptions` then have no
   * effect. The credential owns it: `close` closes it, so two credentials should not share one.
   */
  readonly transport?: TokenEndpoint;
  readonly tls?: TlsOptions;
  /** As in `@azure/identity`; its `ca` serves when `tls.ca` is not given, the rest has no effect. */
  readonly tlsOptions?: object;
  /** As in `@azure/identity`: a product name to go before ours in the `user-agent`. */
  readonly userAgentOptions?: { readonly userAgentPrefix?: string };
  /**
   * As in `@azure/identity`: a proxy for the token requests, in place of the environment's
   * `HTTPS_PROXY` and `NO_PROXY`. Node 22 has proxies from 22.21 on.
   */
  readonly proxyOptions?: ProxyOptions;
  /**
   * As in `@azure/identity`: with `allowLoggingAccountIdentifiers` the lines of `@azure/logger` name the
   * client. The rest has no effect, and no option is a reason to log a secret.
   */
  readonly loggingOptions?: object;
  /** As in `@azure/identity`; asking for persistence throws `StorageUnavailableError`, since this version has none. */
  readonly tokenCachePersistenceOptions?: { readonly enabled: boolean };
  /** Of `@azure/identity`; has no effect here and warns once. See `resilience`. */
  readonly retryOptions?: unknown;
  /** Of `@azure/identity`; has no effect here and warns once. See `transport`. */
  readonly httpClient?: unknown;
  /** Of `@azure/identity`; has no effect here and warns once. See `transport`. */
  readonly additionalPolicies?: unknown;
  /** Of `@azure/identity`; has no effect here and warns once. See `transport`. */
  readonly agent?: unknown;
  /** Of `@azure/identity`; has no effect here and warns once: redirects are never followed. */
  readonly redirectOptions?: unknown;
  /** Of `@azure/identity`; has no effect here and warns once. See `userAgentOptions` and `telemetry`. */
  readonly telemetryOptions?: unknown;
  /** Of `@azure/identity`; has no effect here and warns once. See `unsafeAllowInsecureLoopback`. */
  readonly allowInsecureConnection?: unknown;
}

/** The cache of tokens. */
export interface CacheOptions {
  /**
   * How many tokens are kept, the least recently used out first.
   *
   * @defaultValue 10_000: about 20 MB of tokens, more than a service asks for
   */
  readonly maxEntries?: number;
}

/** When tokens are renewed. Durations in milliseconds. */
export interface RefreshOptions {
  /**
   * How long before expiry a token may be renewed behind its users, in milliseconds. Entra's own
   * `refresh_in` wins; lifetimes of two hours and more are renewed at half, and short ones at 80 %.
   *
   * @defaultValue 300_000, as in both Azure SDKs
   */
  readonly windowMs?: number;
  /**
   * How long before expiry a caller waits for the renewal, in milliseconds; never more than a tenth
   * of the lifetime. Half a minute is a slow request with its retries.
   *
   * @defaultValue 30_000
   */
  readonly expiryMarginMs?: number;
  /**
   * The share of the time to the refresh point by which chance brings it forward, so that a fleet
   * started together does not renew together.
   *
   * @defaultValue 0.1: spreads the renewals of hourly tokens over five minutes
   */
  readonly jitter?: number;
  /**
   * How long a key is left alone after a failed refresh while its token is still good, in
   * milliseconds. Doubles with each failure, and is shortened by chance by up to a fifth.
   *
   * @defaultValue 30_000: nobody waits, and the authority gets time to recover
   */
  readonly coolDownMs?: number;
  /**
   * The longest such pause, in milliseconds.
   *
   * @defaultValue 300_000: one more try within the refresh window
   */
  readonly maxCoolDownMs?: number;
  /**
   * Renews tokens when they fall due even if nobody calls just then: those that were used since they
   * came. For rare calls that must not wait; a key whose token is unused when it falls due is let go.
   *
   * @defaultValue false: a busy service has a caller at that moment anyway, and an idle one need not ask
   */
  readonly keepWarm?: boolean;
}

/** How the authority's certificate is judged. */
export interface TlsOptions {
  /** Certificates of issuers to trust in place of Node's own, PEM. */
  readonly ca?: string | readonly string[];
}

/** As `ProxySettings` of `@azure/core-rest-pipeline`. */
export interface ProxyOptions {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
}

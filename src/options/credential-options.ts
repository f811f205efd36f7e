import type { TokenEndpoint } from "../core/ports.ts";

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
  readonly resilience?: ResilienceOptions;
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
  /** As in `@azure/identity`; accepted, and never a reason to log a secret. */
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
}

/** How failures of the authority are endured. Durations in milliseconds. */
export interface ResilienceOptions {
  /**
   * The longest a flight lasts, in milliseconds: assertions, requests, waits and all.
   *
   * @defaultValue 30_000: as long as somebody waits for a page
   */
  readonly deadlineMs?: number;
  /**
   * The longest one POST lasts, in milliseconds.
   *
   * @defaultValue 10_000: ten times what Entra takes, and three attempts still fit into the deadline
   */
  readonly attemptTimeoutMs?: number;
  /**
   * The longest one call of `getAssertion` lasts, in milliseconds.
   *
   * @defaultValue 10_000: a key vault signs in a fraction of it
   */
  readonly assertionTimeoutMs?: number;
  /**
   * Retries after the first attempt; 0 for none.
   *
   * @defaultValue 3, as in the Azure SDKs
   */
  readonly maxRetries?: number;
  /**
   * The shortest wait before a retry, in milliseconds; waits grow with decorrelated jitter.
   *
   * @defaultValue 200: a reset connection is back by then
   */
  readonly backoffMs?: number;
  /**
   * The longest wait before a retry, in milliseconds, unless the authority asks for more.
   *
   * @defaultValue 5_000: all three still fit into the deadline
   */
  readonly maxBackoffMs?: number;
  /** The circuit breaker of the authority; `false` switches it off. */
  readonly circuitBreaker?: false | CircuitBreakerOptions;
}

/** When the authority is left alone altogether. */
export interface CircuitBreakerOptions {
  /**
   * Failures of the authority in a row that open the circuit.
   *
   * @defaultValue 5: one cold call alone makes four, and should not open it
   */
  readonly failures?: number;
  /**
   * How long the circuit stays open before one request may try, in milliseconds.
   *
   * @defaultValue 10_000: the deadline of a caller holds three such tries
   */
  readonly openMs?: number;
}

/** What is told to OpenTelemetry. */
export interface TelemetryOptions {
  /**
   * Whether spans and metrics are made. Without an OpenTelemetry SDK they cost next to nothing.
   *
   * @defaultValue true
   */
  readonly enabled?: boolean;
  /**
   * Tells the credentials of one process apart (`entra.credential.name`).
   *
   * @defaultValue "default"
   */
  readonly name?: string;
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

/// <reference lib="esnext.disposable" preserve="true" />
import type { AccessToken, TokenCredential } from "@azure/core-auth";
import { type Composition, compose } from "./compose.ts";
import type { Call } from "./core/call.ts";
import type { CredentialHealth } from "./core/credential-health.ts";
import type { KeyedRequest } from "./core/errand.ts";
import { RequestMemo } from "./core/request-memo.ts";
import { settleBounded } from "./core/settle-bounded.ts";
import type { GetAssertion } from "./domain/assertion.ts";
import type { CachedToken } from "./domain/cached-token.ts";
import { parseClaims } from "./domain/claims.ts";
import { parseScopes, soleScope } from "./domain/scopes.ts";
import { resolveTenant } from "./domain/tenant.ts";
import type { TokenRequest } from "./domain/token-request.ts";
import {
  type AcquisitionOptions,
  askedFor,
  readCall,
  readWanted,
  type Wanted,
} from "./options/call-options.ts";
import type { ClientAssertionCredentialOptions } from "./options/credential-options.ts";
import { warnOfOptions } from "./options/option-warnings.ts";
import { requireParameter, requireRuntime } from "./options/requirements.ts";
import { type ResolvedOptions, resolveOptions } from "./options/resolve-options.ts";
import { readWarmUp, type WarmUpOptions, type WarmUpRequest } from "./options/warm-up-options.ts";

/** A token with its times in whole seconds, as Python's azure-identity gives them. */
export interface AccessTokenInfo {
  readonly token: string;
  /** Seconds since 1970. */
  readonly expiresOn: number;
  /** Seconds since 1970: from then on the token is renewed behind its users. */
  readonly refreshOn: number;
  readonly tokenType: "Bearer";
}

const NO_OPTIONS: AcquisitionOptions = Object.freeze({});

/**
 * Trades signed JWT assertions for access tokens of Microsoft Entra ID (OAuth 2.0 client
 * credentials, RFC 6749 section 4.4 with RFC 7523), and keeps the tokens good.
 *
 * Any number of calls may run at once: calls for the same token share one request. A token that
 * is good is returned without I/O and renewed behind its users. Make one credential per identity
 * and keep it; `close` it at the end, or let the process end: nothing of it keeps that waiting.
 */
export class ClientAssertionCredential implements TokenCredential {
  readonly #clientId: string;
  readonly #options: ResolvedOptions;
  readonly #parts: Composition;
  readonly #memo: RequestMemo;

  /**
   * @param tenantId GUID or domain of the tenant that issues the tokens, or `adfs`.
   * @param clientId The application's (client) id.
   * @param getAssertion Gives a signed JWT; called once per attempt, never on a hit.
   *   `affiant/assertions` has sources ready.
   * @throws ConfigurationError when a parameter or option is missing or wrong.
   * @throws StorageUnavailableError when token persistence is asked for.
   */
  constructor(
    tenantId: string,
    clientId: string,
    getAssertion: GetAssertion,
    options: ClientAssertionCredentialOptions = {},
  ) {
    requireRuntime();
    requireParameter("tenantId", tenantId, "string");
    requireParameter("clientId", clientId, "string");
    requireParameter("getAssertion", getAssertion, "function");
    this.#clientId = clientId;
    this.#options = resolveOptions(tenantId, options, process.env);
    warnOfOptions(options);
    this.#memo = new RequestMemo(this.#options.maxEntries);
    this.#parts = compose({ clientId, getAssertion }, this.#options);
  }

  /**
   * A token for the scopes.
   *
   * @param scopes One or more, such as `https://vault.azure.net/.default`; blanks separate them.
   * @returns A frozen object, the same for every caller of the same token.
   * @throws CredentialUnavailableError when authentication could not be attempted.
   * @throws ClientAuthenticationError when it failed; the message gives the reason.
   * @throws AbortError when `abortSignal` fires first.
   */
  getToken(scopes: string | string[], options?: AcquisitionOptions): Promise<AccessToken> {
    const token = options ? this.#hit(scopes, options) : this.#plainHit(scopes);
    if (token !== undefined) return token.answer();
    return this.#acquire(scopes, options).then((acquired) => acquired.accessToken());
  }

  /** As `getToken`, with times in seconds. */
  async getTokenInfo(
    scopes: string | string[],
    options?: AcquisitionOptions,
  ): Promise<AccessTokenInfo> {
    const token = await this.getToken(scopes, options);
    const { expiresOnTimestamp, refreshAfterTimestamp = expiresOnTimestamp } = token;
    return Object.freeze({
      token: token.token,
      expiresOn: Math.floor(expiresOnTimestamp / 1_000),
      refreshOn: Math.floor(refreshAfterTimestamp / 1_000),
      tokenType: "Bearer",
    });
  }

  /**
   * The cached token if it has not expired, without waiting and without a refresh; undefined after
   * `close`. Does not count as a use of the cache entry.
   *
   * @throws ConfigurationError or TenantNotAllowedError, as `getToken` rejects.
   */
  peek(scopes: string | string[], options?: AcquisitionOptions): AccessToken | undefined {
    const { acquirer } = this.#parts;
    const scope = options === undefined ? soleScope(scopes) : undefined;
    const plain = scope === undefined ? undefined : acquirer.peekPlain(scope);
    if (plain !== undefined) return plain.accessToken();
    return acquirer.peek(this.#request(scopes, readWanted(options ?? NO_OPTIONS)))?.accessToken();
  }

  /**
   * Gets many tokens, so many at once, so that the calls of a service that starts need not wait for
   * them. Requests for one token share one flight.
   *
   * @returns How each request ended, in their order, as `Promise.allSettled` tells it. Never rejects
   *   for a token that was not to be had.
   * @throws ConfigurationError when the list or an option is wrong.
   */
  async warmUp(
    requests: readonly WarmUpRequest[],
    options: WarmUpOptions = {},
  ): Promise<PromiseSettledResult<AccessToken>[]> {
    const { wanted, concurrency } = readWarmUp(requests, options);
    const tasks = wanted.map(
      ({ scopes, call }) =>
        () =>
          this.getToken(scopes, call),
    );
    return settleBounded(tasks, concurrency);
  }

  /**
   * Forgets the token of these scopes and options, or every token: a service has refused it, or a
   * secret was rotated. The next call asks the authority, unless a Retry-After, a refused client or an
   * open circuit holds it. Requests under way answer those who wait
   * for them, and what they bring is not kept.
   *
   * @throws ConfigurationError or TenantNotAllowedError, as `getToken` rejects.
   */
  invalidate(scopes?: string | string[], options?: AcquisitionOptions): void {
    const request =
      scopes === undefined ? undefined : this.#request(scopes, readWanted(options ?? NO_OPTIONS));
    if (request === undefined) this.#memo.clear();
    this.#parts.acquirer.invalidate(request);
  }

  /** How the credential fares, for health and readiness probes. No I/O and no wait. */
  health(): CredentialHealth {
    return this.#parts.health();
  }

  /**
   * Ends all that is under way and forgets all tokens. Pending and later calls reject with
   * `CredentialClosedError`. Closing again does nothing.
   */
  async close(): Promise<void> {
    this.#memo.clear();
    await this.#parts.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // One look-up, one comparison, and a promise made before.
  #plainHit(scopes: unknown): CachedToken | undefined {
    const scope = soleScope(scopes);
    return scope === undefined ? undefined : this.#parts.acquirer.hit(scope);
  }

  #hit(scopes: unknown, options: AcquisitionOptions): CachedToken | undefined {
    try {
      const asked = askedFor(scopes, options);
      const keyed = asked && this.#memo.find(asked);
      return keyed && this.#parts.acquirer.hitOf(keyed, readCall(options));
    } catch {
      // The long way says what is wrong with the options.
      return undefined;
    }
  }

  async #acquire(
    scopes: string | string[],
    given: AcquisitionOptions | undefined,
  ): Promise<CachedToken> {
    const { acquirer } = this.#parts;
    const options = given ?? NO_OPTIONS;
    let keyed: KeyedRequest;
    let call: Call;
    try {
      keyed = this.#keyed(scopes, options);
      call = readCall(options);
    } catch (error) {
      const { configured: tenantId } = this.#options.tenants;
      acquirer.refused(error, {
        tenantId,
        resource: undefined,
        callerContext: options.tracingOptions?.tracingContext,
      });
      throw error;
    }
    return acquirer.acquire(keyed, call);
  }

  // Read once: options whose members change while they are read must not be remembered as others.
  #keyed(scopes: unknown, options: AcquisitionOptions): KeyedRequest {
    const wanted = readWanted(options);
    const scope = soleScope(scopes);
    const asked = scope === undefined ? undefined : { scope, ...wanted };
    return this.#memo.keep(asked, this.#request(scope ?? scopes, wanted));
  }

  #request(scopes: unknown, wanted: Wanted): TokenRequest {
    const { authority, tenants } = this.#options;
    const { tenantId: asked, claims, cae } = wanted;
    const tenantId = resolveTenant(asked, tenants);
    return {
      authority,
      clientId: this.#clientId,
      tenantId,
      scopes: parseScopes(scopes),
      claims: parseClaims(claims, cae),
      cae,
      ownTenant: tenantId === tenants.configured,
    };
  }
}

import type { CacheKey } from "../domain/cache-key.ts";
import { CircuitOpenError, type CredentialError, TokenEndpointError } from "../domain/errors.ts";
import type { TenantId } from "../domain/tenant.ts";
import { type Errand, isChallenge } from "./errand.ts";
import { keepNewest } from "./keep-newest.ts";
import type { Clock } from "./ports.ts";
import { retryReason } from "./retry-rules.ts";
import type { SteadyClock } from "./steady-clock.ts";

/** How long a key is left alone after a failed flight, in milliseconds. */
export interface GateRules {
  /** While a usable token remains: nobody waits, so the authority gets time. Doubles. */
  readonly coolDownMs: number;
  readonly maxCoolDownMs: number;
  /** With no usable token, after an error that may heal by itself: callers wait. Doubles. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** After an error that somebody has to mend. */
  readonly hopelessMs: number;
}

/**
 * Why nothing is asked now. A `cool_down` spares the authority while there is a token to serve, a
 * `back_off` follows a failure that left none, and a `throttle`, which the authority itself imposed,
 * holds everyone.
 */
export interface Hold {
  /** On the steady clock. */
  readonly until: number;
  readonly kind: "cool_down" | "back_off" | "throttle";
  readonly error: CredentialError;
}

interface KeyState extends Hold {
  readonly failures: number;
}

/** A failed flight. */
export interface Failure {
  readonly key: CacheKey;
  readonly error: CredentialError;
  /** When the token that remains begins to expire and when it expires, on the steady clock. */
  readonly remaining?: { readonly expiringAt: number; readonly expiresAt: number } | undefined;
}

// What the authority says of the client itself holds for every scope of the tenant.
// Two are known by their numbers as well, whatever OAuth error stands beside them.
const CLIENT_ERRORS = new Set(["invalid_client", "unauthorized_client"]);
const CLIENT_CODES = new Set<number | undefined>([700016, 7000215]);

const HOLD_JITTER_SHARE = 0.2;

// What chance adds to a Retry-After: enough to spread those who were told the same, too little to
// keep anybody waiting.
const EXTRA_SHARE = 0.1;
const MAX_EXTRA_MS = 5_000;

/**
 * All that keeps one key from asking again too soon: when it may, and the error for callers
 * who have no usable token until then. Some failures hold all keys of a tenant.
 */
export class RefreshGate {
  readonly #rules: GateRules;
  readonly #time: SteadyClock;
  readonly #clock: Clock;
  readonly #maxKeys: number;
  readonly #keys = new Map<CacheKey, KeyState>();
  readonly #tenants = new Map<TenantId, Hold>();

  constructor(parts: {
    readonly rules: GateRules;
    readonly time: SteadyClock;
    readonly clock: Clock;
    readonly maxKeys: number;
  }) {
    this.#rules = parts.rules;
    this.#time = parts.time;
    this.#clock = parts.clock;
    this.#maxKeys = parts.maxKeys;
  }

  /**
   * What keeps the errand from being flown now.
   *
   * @param hasToken Whether there is a token to serve meanwhile: a cool-down holds nobody else.
   */
  holding(errand: Errand, hasToken: boolean): Hold | undefined {
    const shared = this.holdingTenant(errand);
    if (shared?.kind === "throttle" || errand.trigger === "forced") return shared;
    const own = active(this.#keys.get(errand.key), this.#time.now());
    return own?.kind === "cool_down" && !hasToken ? shared : (own ?? shared);
  }

  /**
   * What holds all keys of the errand's tenant. Whoever forces a refresh or brings a challenge knows
   * more than the last failure told; what the authority itself asked for holds for them too.
   */
  holdingTenant({ request, trigger }: Errand): Hold | undefined {
    const shared = active(this.#tenants.get(request.tenantId), this.#time.now());
    if (shared?.kind === "throttle") return shared;
    return trigger === "forced" || isChallenge(request) ? undefined : shared;
  }

  /** The authority asked to be left alone by this client in this tenant. */
  throttled(tenantId: TenantId, retryAfterMs: number, error: CredentialError): void {
    const extraMs = Math.min(retryAfterMs * EXTRA_SHARE, MAX_EXTRA_MS) * this.#clock.chance();
    const until = this.#time.now() + retryAfterMs + extraMs;
    this.#holdTenant(tenantId, { until, kind: "throttle", error });
  }

  /** The authority refused: what it says of the client itself holds all keys of the tenant. */
  refused(tenantId: TenantId, error: TokenEndpointError): void {
    if (!concernsClient(error)) return;
    const until = this.#time.now() + this.#jittered(this.#rules.hopelessMs);
    this.#holdTenant(tenantId, { until, kind: "back_off", error });
  }

  failed({ key, error, remaining }: Failure): void {
    const now = this.#time.now();
    const before = this.#keys.get(key);
    const usable = remaining !== undefined && remaining.expiresAt > now;
    const kind = usable ? "cool_down" : "back_off";
    const failures = before?.kind === kind ? before.failures + 1 : 1;

    const holdMs = this.#holdMs(error, kind, failures);
    const until = usable ? withinLife(now + holdMs, now, remaining) : now + holdMs;
    // A flood of failing keys stays bounded.
    keepNewest(this.#keys, key, { until, kind, error, failures }, this.#maxKeys);
  }

  /** A flight of the key succeeded, so the client is in order in that tenant. A throttle stays. */
  open(key: CacheKey, tenantId: TenantId): void {
    this.#keys.delete(key);
    if (this.#tenants.get(tenantId)?.kind === "back_off") this.#tenants.delete(tenantId);
  }

  /** Forgets what it knows of the key, or of every key. What holds a tenant stays. */
  forget(key?: CacheKey): void {
    if (key === undefined) this.#keys.clear();
    else this.#keys.delete(key);
  }

  // What the authority asked for stands until it is over, whatever is heard meanwhile.
  #holdTenant(tenantId: TenantId, hold: Hold): void {
    const before = active(this.#tenants.get(tenantId), this.#time.now());
    if (before?.kind === "throttle" && (hold.kind !== "throttle" || hold.until < before.until))
      return;
    keepNewest(this.#tenants, tenantId, hold, this.#maxKeys);
  }

  #holdMs(error: CredentialError, kind: "cool_down" | "back_off", failures: number): number {
    const { coolDownMs, maxCoolDownMs, backoffMs, maxBackoffMs, hopelessMs } = this.#rules;
    // The circuit says itself when it lets a request through again.
    const atLeastMs = error instanceof CircuitOpenError ? (error.retryAfterMs ?? 0) : 0;
    const doubled = 2 ** Math.min(failures - 1, 30);
    if (kind === "cool_down") {
      return Math.max(atLeastMs, this.#jittered(Math.min(coolDownMs * doubled, maxCoolDownMs)));
    }
    if (error instanceof CircuitOpenError) return Math.max(atLeastMs, this.#jittered(backoffMs));
    if (isHopeless(error)) return this.#jittered(hopelessMs);
    return this.#jittered(Math.min(backoffMs * doubled, maxBackoffMs));
  }

  #jittered(ms: number): number {
    return ms * (1 - HOLD_JITTER_SHARE * this.#clock.chance());
  }
}

/** What whoever is held is told: the failure remembered, and when it is worth asking again. */
export function rememberedError({ error, until }: Hold, now: number): CredentialError {
  return error.reissue({ remembered: true, retryAfterMs: Math.max(0, Math.ceil(until - now)) });
}

/** Whether asking again cannot help until somebody has changed something. */
function isHopeless(error: CredentialError): error is TokenEndpointError {
  return error instanceof TokenEndpointError && retryReason(error) === undefined;
}

function concernsClient(error: CredentialError): boolean {
  if (!isHopeless(error)) return false;
  const { entraCode, errorResponse } = error;
  return CLIENT_ERRORS.has(errorResponse.error) || CLIENT_CODES.has(entraCode);
}

// A cool-down begun while a token was good must not outlast it: the key asks once more when the
// token begins to expire, and again when it has.
function withinLife(
  until: number,
  now: number,
  { expiringAt, expiresAt }: { readonly expiringAt: number; readonly expiresAt: number },
): number {
  return Math.min(until, now < expiringAt ? expiringAt : expiresAt);
}

function active<H extends Hold>(hold: H | undefined, now: number): H | undefined {
  return hold !== undefined && now < hold.until ? hold : undefined;
}

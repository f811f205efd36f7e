/**
 * What the core needs from outside. Adapters implement these; the core knows nothing of
 * got, cockatiel, lru-cache or OpenTelemetry.
 */
import type { CacheKey } from "../domain/cache-key.ts";
import type { CachedToken } from "../domain/cached-token.ts";
import type { CredentialError } from "../domain/errors.ts";
import type { TokenRequest } from "../domain/token-request.ts";
import type { EndpointRequest, EndpointResponse } from "../protocol/endpoint.ts";
import type { IssuedToken } from "../protocol/issued-token.ts";
import type {
  Acquisition,
  AcquisitionOutcome,
  AssertionOutcome,
  AttemptFacts,
  AttemptOutcome,
  CircuitState,
  CredentialEvent,
  FlightEvent,
  FlightFacts,
  FlightOutcome,
  RetryReason,
} from "./events.ts";

/** Time, and chance with it: the only sources of either. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970; may jump. */
  now(): number;
  /** Milliseconds since an arbitrary moment; never goes back, may stand still in suspension. */
  monotonic(): number;
  /**
   * Calls back once after a delay; any delay is allowed. An `unreferenced` timer lets the
   * process end, a `referenced` one keeps it alive.
   */
  schedule(work: () => void, delayMs: number, hold: "referenced" | "unreferenced"): Timer;
  /** 0 inclusive to 1 exclusive. */
  chance(): number;
}

export interface Timer {
  cancel(): void;
}

/** The tokens of one credential, least recently used out first. Synchronous: a hit never waits. */
export interface TokenCache {
  get(key: CacheKey): CachedToken | undefined;
  /** As `get`, without counting as a use. */
  peek(key: CacheKey): CachedToken | undefined;
  set(key: CacheKey, token: CachedToken): void;
  delete(key: CacheKey): void;
  /** All tokens, expired ones too; does not count as a use. */
  values(): Iterable<CachedToken>;
  clear(): void;
}

/**
 * Sends the POST. It makes one try, follows no redirect and resolves with whatever answer
 * came, of any status. It rejects with a `TransportError` when none came; any other error is
 * reported as one.
 */
export interface TokenEndpoint {
  post(request: EndpointRequest): Promise<EndpointResponse>;
  /** Loads what the first request needs, while the assertion is made and before time limits run. */
  prepare?(): void | Promise<void>;
  /** Ends open connections. Called once, when the credential closes. */
  close?(): void | Promise<void>;
}

/** One attempt of a flight. */
export interface Attempt {
  /** 1 for the first. */
  readonly number: number;
  /** Fires when the flight is over: by its deadline, by abort or by close. */
  readonly signal: AbortSignal;
  /** How the attempt before it failed. */
  readonly previous: CredentialError | undefined;
  /** How long the assertion may take, in milliseconds; infinite without a limit. */
  readonly assertionTimeoutMs: number;
  /**
   * Runs the part of the attempt that the authority answers for: in its turn, under the attempt
   * timeout and counted by the circuit breaker of its origin. What runs outside is counted by nobody.
   */
  guard<T>(post: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** What a flight tells those who endure for it. */
export interface EndureOptions {
  /** The origin whose health is at stake. */
  readonly origin: string;
  /** Fires when the flight is no longer wanted; `run` then rejects with its reason. */
  readonly signal: AbortSignal;
  /** Throws when nothing may be sent now; asked before each attempt, and again when its turn has come. */
  admit(): void;
  /** For how long `admit` will throw, in milliseconds: no retry is worth sending before. */
  heldMs(): number;
  /** At most so many retries, if the policy allows that many; asked before each. */
  maxRetries(): number;
  /** Told before each wait. */
  onRetry(retry: { readonly reason: RetryReason; readonly delayMs: number }): void;
}

/** The circuit of one origin. */
export interface CircuitStatus {
  /** `half_open` when one request tries, or may try, whether the authority is back. */
  readonly state: CircuitState;
  /** How long no request will be let through, in milliseconds; 0 also while one tries and others are refused. */
  readonly retryAfterMs: number;
}

/** A circuit is in another state than before. */
export interface CircuitChange {
  /** Scheme, host and port, such as `https://login.microsoftonline.com`. */
  readonly origin: string;
  readonly state: CircuitState;
}

/**
 * Endures what can be endured: deadline, retries and their budget, bulkhead, circuit breaker, time
 * limits. Any number of credentials may share one: then they share what it knows of an origin.
 */
export interface Resilience {
  /** Tells guards apart in telemetry; the credential's own name serves where there is none. */
  readonly name?: string | undefined;
  /**
   * Runs attempts until one succeeds. Rejects with the last error, with an `AcquisitionTimeoutError`
   * at the deadline, or with a `CircuitOpenError`.
   */
  run<T>(operation: (attempt: Attempt) => Promise<T>, options: EndureOptions): Promise<T>;
  /** The circuit of an origin, such as `https://login.microsoftonline.com`. */
  circuit(origin: string): CircuitStatus;
  /** Retries that would be allowed to the origin now; undefined when nothing limits them. */
  retriesLeft?(origin: string): number | undefined;
  /** Calls back on each change of a circuit, until the returned function is called; what it throws is swallowed. */
  onCircuitChange(listener: (change: CircuitChange) => void): () => void;
}

/** What a flight tells the exchange. */
export interface FlightContext {
  readonly correlationId: string;
  readonly observation: FlightObservation;
}

export interface Exchanged {
  readonly issued: IssuedToken;
  /** When the token was asked for, on the steady clock: its life is counted from here. */
  readonly askedAt: number;
}

/** Makes one attempt at a token. */
export interface Exchange {
  exchange(request: TokenRequest, attempt: Attempt, flight: FlightContext): Promise<Exchanged>;
  close(): void | Promise<void>;
}

/** Something that takes time, under observation from its begin to its end. */
export interface Observation<Outcome> {
  /** Runs work as a part of the activity: what the work itself begins belongs under it. */
  within<T>(work: () => T): T;
  /** Ends the observation; only the first call counts. */
  end(outcome: Outcome): void;
}

/** A call that waits. */
export interface AcquisitionObservation extends Observation<AcquisitionOutcome> {
  /** The flight that the call waits for. */
  joined(flight: FlightObservation): void;
}

export interface FlightObservation extends Observation<FlightOutcome> {
  note(event: FlightEvent): void;
  beginAssertion(): Observation<AssertionOutcome>;
  beginAttempt(about: AttemptFacts): Observation<AttemptOutcome>;
}

/** Is told what happens. What it does with that changes no result, and what it throws harms no call. */
export interface Observer {
  /** A call was answered at once. On the hot path, hence three parameters and no object. */
  served(source: "cache" | "stale_cache", token: CachedToken, callerContext: unknown): void;
  beginAcquisition(about: Acquisition): AcquisitionObservation;
  beginFlight(about: FlightFacts): FlightObservation;
  note(event: CredentialEvent): void;
}

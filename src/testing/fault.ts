/**
 * One way in which an authority can misbehave. Plain data, so that the same fault can be
 * written in code and in a JSON timeline.
 *
 * Unless its kind says otherwise a fault changes what the authority would have answered, and
 * what a fault meets stays met: a request that hangs does so after the fault has ended, too.
 */
export type Fault = FaultKind & FaultScope;

/** Which token requests a fault meets; without these, all of them. Documents are never met. */
export interface FaultScope {
  /** Only requests to this tenant, as the path spells it, in any case. */
  readonly tenant?: string;
  /** The share of the requests that it meets, 0 to 1; the others are answered as if it were not there. */
  readonly share?: number;
}

/** What goes wrong; the member `kind` tells which of them it is. */
export type FaultKind =
  | LatencyFault
  | RefusalFault
  | ThrottleFault
  | OutageFault
  | HangFault
  | DripFault
  | ResetFault
  | BodyFault
  | RedirectFault
  | LifetimeFault
  | SkewedDateFault
  | KeyRotationFault;

/** Answers late: by `latencyMs` plus chance times `jitterMs`. */
export interface LatencyFault {
  readonly kind: "latency";
  /** A whole number of milliseconds. */
  readonly latencyMs: number;
  /** A whole number of milliseconds. @defaultValue 0 */
  readonly jitterMs?: number;
}

/** Refuses every request in Entra's words. */
export interface RefusalFault {
  readonly kind: "refusal";
  /** 400 to 499. @defaultValue 401 for `invalid_client`, else 400 */
  readonly status?: number;
  /** @defaultValue "invalid_client" */
  readonly error?: string;
  /** The AADSTS number. @defaultValue a common one for `error`: 700027 for `invalid_client` */
  readonly entraCode?: number;
}

/** Throttles every request; the wait asked for is told in one of the forms in which authorities tell it. */
export interface ThrottleFault {
  readonly kind: "throttle";
  /** 429 or 503. @defaultValue 429 */
  readonly status?: number;
  /** In seconds, whole ones in the forms `seconds` and `date`. Without it no wait is told. */
  readonly retryAfterS?: number;
  /** Only beside `retryAfterS`. A date is rounded up to the next second. @defaultValue "seconds" */
  readonly form?: "seconds" | "date" | "retry-after-ms" | "x-ms-retry-after-ms";
}

/** A server that fails and says so, in JSON, with a proxy's HTML page, or without a word. */
export interface OutageFault {
  readonly kind: "outage";
  /** 500 to 599. @defaultValue 503 */
  readonly status?: number;
  /** @defaultValue "json" */
  readonly body?: "json" | "html" | "none";
}

/** Takes the request and never answers, or stops halfway through its answer, until the client leaves. */
export interface HangFault {
  readonly kind: "hang";
  /** @defaultValue "before-headers" */
  readonly where?: "before-headers" | "in-body";
}

/** Sends the head of the answer at once and its body a few bytes at a time. */
export interface DripFault {
  readonly kind: "drip";
  /** A whole number; an answer with a token has about 1,500 bytes. */
  readonly bytesPerS: number;
}

/** Resets the connection: the client sees `ECONNRESET`. */
export interface ResetFault {
  readonly kind: "reset";
  /**
   * Before the body of the request is read, after it was read, or halfway through the answer.
   * The first comes before all other faults, as those would need the request.
   *
   * @defaultValue "after-request"
   */
  readonly when?: "before-request" | "after-request" | "in-body";
}

/**
 * Answers 200 with something that is no token response. `empty` and `html` are all that anybody
 * gets; the others are made of the token response, and a refusal stays as it is. `oversized` is a
 * token response with 2 MiB of blanks at its end.
 */
export interface BodyFault {
  readonly kind: "body";
  readonly body: "empty" | "truncated" | "oversized" | "html" | "wrong-content-type";
}

/** Redirects every request. */
export interface RedirectFault {
  readonly kind: "redirect";
  /** 301, 302, 303, 307 or 308. @defaultValue 307, which would carry the assertion along */
  readonly status?: number;
  /** @defaultValue a path of this authority that answers nothing but 404 */
  readonly location?: string;
}

/** Issues tokens of an odd lifetime; a refusal stays as it is. */
export interface LifetimeFault {
  readonly kind: "lifetime";
  /**
   * As `expires_in`: any number, any text; `null` leaves it out. The token's own `exp` agrees when
   * it is a whole number, or a text of digits.
   *
   * `"same-expiry"` repeats the expiry of the last token for that tenant, client and scopes while
   * that token is valid, so that `expires_in` shrinks. Without one the first is issued as usual.
   */
  readonly expiresIn: number | string | null | "same-expiry";
}

/** Tells a `Date` that is ahead of the clock, or behind it when negative. */
export interface SkewedDateFault {
  readonly kind: "skewed-date";
  /** A whole number of seconds. */
  readonly skewS: number;
}

/**
 * Forgets the key that signed the assertion: refuses with AADSTS700027 until the client signs with
 * another one. Each client loses the key of the first request that the fault meets, told by the
 * `x5t#S256`, `x5t` or `kid` of the assertion.
 */
export interface KeyRotationFault {
  readonly kind: "key-rotation";
}

/** A fault with its time in a timeline. */
export type TimedFault = Fault & {
  /** Seconds after the start of the timeline. */
  readonly atS: number;
  /** For how many seconds; without it until the timeline is stopped. */
  readonly forS?: number;
};

/**
 * What happens to an authority, and when. Faults that overlap are applied one on top of the other:
 * what began later is applied to what the earlier ones make of the answer, and of two that begin
 * at one time the later in the list.
 */
export interface FaultTimeline {
  readonly name?: string;
  /** In any order. */
  readonly faults: readonly TimedFault[];
}

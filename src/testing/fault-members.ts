import { validateHeaderValue } from "node:http";
import { MAX_DELAY_MS, MAX_SKEW_S } from "./authority-response.ts";
import type { FaultKind, FaultScope, TimedFault } from "./fault.ts";
import {
  type Bounds,
  checkChoice,
  checkInteger,
  checkNumber,
  checkText,
  kindOf,
} from "./input-checks.ts";
import { isTenantName } from "./tenant-name.ts";

/** The last second of a timeline: what one timer can count, 24 days. */
export const LAST_SECOND: number = Math.floor(MAX_DELAY_MS / 1000);

/** The members of one kind of fault besides `kind`, each with its rule. */
export type MemberRules = Readonly<Record<string, MemberRule>>;

/** What a member of a fault may be. */
interface MemberRule {
  readonly required: boolean;
  /** Throws a `TypeError` or `RangeError` that names the member. */
  readonly check: (name: string, value: unknown) => void;
}

type RulesOf<T> = { readonly [M in Exclude<keyof T, "kind">]-?: MemberRule };

type RulesOfKinds = {
  readonly [K in FaultKind["kind"]]: RulesOf<Extract<FaultKind, { readonly kind: K }>>;
};

/** The members of each kind. */
export const KINDS: RulesOfKinds = {
  latency: {
    latencyMs: required(wholeNumber({ min: 0, max: MAX_DELAY_MS })),
    jitterMs: optional(wholeNumber({ min: 0, max: MAX_DELAY_MS })),
  },
  refusal: {
    status: optional(wholeNumber({ min: 400, max: 499 })),
    error: optional(checkText),
    entraCode: optional(wholeNumber({ min: 1, max: 999_999_999 })),
  },
  throttle: {
    status: optional(oneOf(429, 503)),
    retryAfterS: optional(number({ min: 0, max: MAX_SKEW_S })),
    form: optional(oneOf("seconds", "date", "retry-after-ms", "x-ms-retry-after-ms")),
  },
  outage: {
    status: optional(wholeNumber({ min: 500, max: 599 })),
    body: optional(oneOf("json", "html", "none")),
  },
  hang: { where: optional(oneOf("before-headers", "in-body")) },
  drip: { bytesPerS: required(wholeNumber({ min: 1, max: MAX_DELAY_MS })) },
  reset: { when: optional(oneOf("before-request", "after-request", "in-body")) },
  body: {
    body: required(oneOf("empty", "truncated", "oversized", "html", "wrong-content-type")),
  },
  redirect: {
    status: optional(oneOf(301, 302, 303, 307, 308)),
    location: optional(checkHeader),
  },
  lifetime: { expiresIn: required(checkLifetime) },
  "skewed-date": { skewS: required(wholeNumber({ min: -MAX_SKEW_S, max: MAX_SKEW_S })) },
  "key-rotation": {},
};

/** The members that any fault may have. */
export const SCOPE: RulesOf<FaultScope> = {
  tenant: optional(checkTenant),
  share: optional(number({ min: 0, max: 1 })),
};

/** The members by which a fault has its time in a timeline. */
export const TIMES: RulesOf<Pick<TimedFault, "atS" | "forS">> = {
  atS: required(number({ min: 0, max: LAST_SECOND })),
  forS: optional(number({ min: 0.001, max: LAST_SECOND })),
};

type Check = MemberRule["check"];

function required(check: Check): MemberRule {
  return { required: true, check };
}

function optional(check: Check): MemberRule {
  return { required: false, check };
}

function wholeNumber(bounds: Bounds): Check {
  return (name, value) => checkInteger(name, value, bounds);
}

function number(bounds: Bounds): Check {
  return (name, value) => checkNumber(name, value, bounds);
}

function oneOf(...choices: readonly unknown[]): Check {
  return (name, value) => checkChoice(name, value, choices);
}

function checkHeader(name: string, value: unknown): void {
  const text = checkText(name, value);
  try {
    validateHeaderValue("location", text);
  } catch {
    throw new RangeError(`${name} has a character that no HTTP header may have`);
  }
}

function checkLifetime(name: string, value: unknown): void {
  if (value === null || typeof value === "string") return;
  if (typeof value !== "number") {
    throw new TypeError(`${name} must be a number, a string or null, not ${kindOf(value)}`);
  }
  if (!Number.isFinite(value)) throw new RangeError(`${name} must be finite, not ${value}`);
}

function checkTenant(name: string, value: unknown): void {
  const tenant = checkText(name, value);
  if (!isTenantName(tenant)) throw new RangeError(`${name} is '${tenant}', which is no tenant`);
}

import type { JsonObject } from "./json-object.ts";

/** How long a token lasts and when to renew it, both from the moment of the response. */
export interface Lifetime {
  readonly lifetimeMs: number;
  /** Positive and less than the lifetime. */
  readonly refreshInMs?: number;
}

/** What is wrong with a response, in words that quote nothing secret. */
export interface Fault {
  readonly fault: string;
}

// Ten years: far above any token's life, far below the 50 years and more that appear when a point
// in time, or a number of milliseconds, stands where seconds of life belong.
const LONGEST_LIFETIME_S = 10 * 365 * 86_400;

/**
 * Reads the lifetime of a token response: `expires_in`, or else `expires_on` less `serverTime`
 * (milliseconds since the epoch). RFC 6749 section 5.1; Entra adds `refresh_in`.
 *
 * Entra's older endpoints and AD FS write numbers as strings. A senseless `refresh_in` is
 * ignored, since the token is good without it; a senseless lifetime is a fault, since any
 * guess would serve a dead token or hide a wrong endpoint.
 */
export function readLifetime(body: JsonObject, serverTime: number): Lifetime | Fault {
  const seconds = secondsOfLife(body, serverTime);
  if (seconds === undefined) {
    return { fault: "neither expires_in nor expires_on is a number of seconds" };
  }
  const lifetimeMs = Math.floor(seconds * 1000);
  if (lifetimeMs <= 0) return { fault: "the lifetime is not positive" };
  if (seconds > LONGEST_LIFETIME_S) return { fault: "the lifetime is longer than ten years" };

  const refreshInMs = Math.floor((readSeconds(body["refresh_in"]) ?? 0) * 1000);
  const sensible = refreshInMs > 0 && refreshInMs < lifetimeMs;
  return sensible ? { lifetimeMs, refreshInMs } : { lifetimeMs };
}

function secondsOfLife(body: JsonObject, serverTime: number): number | undefined {
  const expiresIn = readSeconds(body["expires_in"]);
  if (expiresIn !== undefined) return expiresIn;
  const expiresOn = readSeconds(body["expires_on"]);
  return expiresOn === undefined ? undefined : expiresOn - serverTime / 1000;
}

function readSeconds(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  return /^-?\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
}

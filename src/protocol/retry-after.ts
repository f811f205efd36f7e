import type { EndpointResponse } from "./endpoint.ts";
import { parseHttpDate } from "./http-date.ts";

// One hour: a longer wait is more likely a mistake than advice, and nobody would notice its end.
const LONGEST_WAIT_MS = 3_600_000;

/**
 * How long the response asks us to wait before the next request, in milliseconds, at most one hour.
 *
 * The first of `retry-after-ms`, `x-ms-retry-after-ms` and `Retry-After` that can be read
 * decides. RFC 9110 section 10.2.3. A date counts from the response's own `Date`, so that a wrong
 * local clock does no harm; `now`, in wall-clock milliseconds, stands in for a missing one.
 * A date that has passed asks for no wait: 0.
 */
export function retryAfterMs(
  headers: EndpointResponse["headers"],
  now: number,
): number | undefined {
  const wait =
    decimal(headers["retry-after-ms"]) ??
    decimal(headers["x-ms-retry-after-ms"]) ??
    secondsOrDate(headers, now);
  return wait === undefined ? undefined : Math.min(Math.ceil(wait), LONGEST_WAIT_MS);
}

function decimal(text: string | undefined): number | undefined {
  const digits = text?.trim() ?? "";
  return /^\d+(?:\.\d+)?$/.test(digits) ? Number(digits) : undefined;
}

function secondsOrDate(headers: EndpointResponse["headers"], now: number): number | undefined {
  const seconds = decimal(headers["retry-after"]);
  if (seconds !== undefined) return seconds * 1000;
  const date = parseHttpDate(headers["retry-after"]);
  if (date === undefined) return undefined;
  return Math.max(0, date - (parseHttpDate(headers["date"]) ?? now));
}

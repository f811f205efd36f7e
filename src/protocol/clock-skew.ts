import type { EndpointResponse } from "./endpoint.ts";
import { parseHttpDate } from "./http-date.ts";

/**
 * How far the server's clock is ahead of ours, in milliseconds: negative when ours is ahead,
 * undefined without a readable `Date` header. RFC 9110 section 6.6.1.
 *
 * `now` is the wall clock at the arrival of the response. The header counts whole seconds and
 * the way back takes time, so that a second or two mean nothing.
 */
export function clockSkewMs(headers: EndpointResponse["headers"], now: number): number | undefined {
  const serverTime = parseHttpDate(headers["date"]);
  return serverTime === undefined ? undefined : serverTime - now;
}

import { checkChoice, checkInteger, checkMembers, checkObject, checkText } from "./input-checks.ts";

/** A response of the authority, genuine or scripted. */
export interface AuthorityResponse {
  /** HTTP status, 200 to 599. */
  readonly status: number;
  /** They add to or replace the authority's own, in any case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a string as it is (`text/plain` unless a header says otherwise). */
  readonly body?: string | Readonly<Record<string, unknown>>;
  /** Waits before it answers, on top of the authority's latency. */
  readonly delayMs?: number;
  /** Cuts the connection instead of answering, or halfway through the body. */
  readonly destroy?: InterruptedAt;
  /** What happens instead of answering, or halfway through the body, when it is not `destroy`. */
  readonly interrupt?: Interruption;
  /** Sends the body at this pace; without it at once. */
  readonly bytesPerS?: number;
  /** How far `Date` is ahead of the clock, in seconds; negative when it is behind. */
  readonly dateSkewS?: number;
}

/** Where an answer ends that is not whole. */
export type InterruptedAt = "before-headers" | "in-body";

/** How an answer ends that is not whole: with a reset connection, or with silence until the client leaves. */
export interface Interruption {
  readonly by: "reset" | "hang";
  readonly where: InterruptedAt;
}

/** Returns `response`, or throws a `TypeError` or `RangeError` when it cannot be sent. */
export function checkResponse(response: AuthorityResponse): AuthorityResponse {
  checkMembers("response", response, MEMBERS);
  checkInteger("response.status", response.status, { min: 200, max: 599 });
  checkInteger("response.delayMs", response.delayMs ?? 0, { min: 0, max: MAX_DELAY_MS });
  checkInteger("response.bytesPerS", response.bytesPerS ?? 1, { min: 1, max: MAX_DELAY_MS });
  checkInteger("response.dateSkewS", response.dateSkewS ?? 0, {
    min: -MAX_SKEW_S,
    max: MAX_SKEW_S,
  });

  const { body = "" } = response;
  if (typeof body !== "string") checkObject("response.body", body);
  checkEnd(response);
  for (const [name, value] of Object.entries(response.headers ?? {})) {
    checkText(`response.headers['${name}']`, value);
  }
  return response;
}

/** What `setTimeout` can count. */
export const MAX_DELAY_MS = 2_147_483_647;

/** About 68 years. */
export const MAX_SKEW_S = 2_147_483_647;

const MEMBERS = [
  "status",
  "headers",
  "body",
  "delayMs",
  "destroy",
  "interrupt",
  "bytesPerS",
  "dateSkewS",
];

const PLACES = ["before-headers", "in-body"];

function checkEnd({ destroy, interrupt }: AuthorityResponse): void {
  if (destroy !== undefined) checkChoice("response.destroy", destroy, PLACES);
  if (interrupt === undefined) return;
  if (destroy !== undefined) throw new TypeError("response has both destroy and interrupt");
  checkMembers("response.interrupt", interrupt, ["by", "where"]);
  checkChoice("response.interrupt.by", interrupt.by, ["reset", "hang"]);
  checkChoice("response.interrupt.where", interrupt.where, PLACES);
}

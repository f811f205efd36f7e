import { ConfigurationError } from "../domain/errors.ts";
import { numberWithin, refuseUnknownOptions, requireObject } from "../domain/option-checks.ts";
import { type AbortSignalLike, anySignal } from "./any-signal.ts";
import { type AcquisitionOptions, isSignal, signalOf } from "./call-options.ts";

/** A token to get: its scopes, or its scopes with the options of the call that will want it. */
export type WarmUpRequest =
  | string
  | string[]
  | (AcquisitionOptions & { readonly scopes: string | string[] });

/** How a warm-up is run. */
export interface WarmUpOptions {
  /**
   * Calls at once, 1 to 1,000.
   *
   * @defaultValue 8: a quarter of the bulkhead, so that calls that come meanwhile find room
   */
  readonly concurrency?: number;
  /** Ends what is still to be got: each such request rejects with `AbortError`. */
  readonly abortSignal?: AbortSignalLike;
}

/** One request of a warm-up, read. */
export interface WarmUpCall {
  readonly scopes: string | string[];
  readonly call: AcquisitionOptions;
}

const CONCURRENCY = { min: 1, max: 1_000, fallback: 8, whole: true };

/** @throws ConfigurationError naming what is wrong. */
export function readWarmUp(
  requests: readonly WarmUpRequest[],
  options: WarmUpOptions,
): { readonly wanted: readonly WarmUpCall[]; readonly concurrency: number } {
  if (!Array.isArray(requests)) {
    throw new ConfigurationError("warmUp takes an array of scopes or of { scopes, ...options }.");
  }
  refuseUnknownOptions("warmUp", options, new Set(["concurrency", "abortSignal"]));
  signalOf(options.abortSignal);
  return {
    // Not map: it would leave the holes of a sparse array.
    wanted: Array.from(requests, (request, index) => readOne(request, index, options.abortSignal)),
    concurrency: numberWithin("warmUp.concurrency", options.concurrency, CONCURRENCY),
  };
}

function readOne(
  request: WarmUpRequest,
  index: number,
  common: AbortSignalLike | undefined,
): WarmUpCall {
  if (typeof request === "string" || Array.isArray(request)) {
    return { scopes: request, call: common === undefined ? {} : { abortSignal: common } };
  }
  requireObject(`warmUp[${index}]`, request);
  const { scopes, abortSignal, ...call } = request;
  const signal = eitherOf(common, abortSignal);
  return { scopes, call: signal === undefined ? call : { ...call, abortSignal: signal } };
}

// What is no signal goes on as it is: its call says so.
function eitherOf(
  common: AbortSignalLike | undefined,
  own: AcquisitionOptions["abortSignal"],
): AcquisitionOptions["abortSignal"] {
  if (common === undefined || !isSignal(own)) return own ?? common;
  return anySignal(common, own);
}

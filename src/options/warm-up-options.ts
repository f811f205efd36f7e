import type { GetTokenOptions } from "@azure/core-auth";
import { ConfigurationError } from "../domain/errors.ts";
import { numberWithin, refuseUnknownOptions, requireObject } from "../domain/option-checks.ts";
import type { AcquisitionOptions } from "./call-options.ts";

/** A token to get: its scopes, or its scopes with the options of the call that will want it. */
export type WarmUpRequest =
  | string
  | string[]
  | (AcquisitionOptions & { readonly scopes: string | string[] });

/** How many tokens are got. */
export interface WarmUpOptions {
  /**
   * Requests at once.
   *
   * @defaultValue 8: a quarter of the bulkhead, so that calls that come meanwhile find room
   */
  readonly concurrency?: number;
  /** Ends what is still to be got: each such request rejects with `AbortError`. */
  readonly abortSignal?: NonNullable<GetTokenOptions["abortSignal"]>;
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
  const { concurrency, abortSignal } = options;
  return {
    wanted: requests.map((request, index) => readOne(request, index, abortSignal)),
    concurrency: numberWithin("warmUp.concurrency", concurrency, CONCURRENCY),
  };
}

function readOne(
  request: WarmUpRequest,
  index: number,
  abortSignal: GetTokenOptions["abortSignal"],
): WarmUpCall {
  const common = abortSignal === undefined ? {} : { abortSignal };
  if (typeof request === "string" || Array.isArray(request)) {
    return { scopes: request, call: common };
  }
  requireObject(`warmUp[${index}]`, request);
  const { scopes, ...call } = request;
  return { scopes, call: { ...common, ...call } };
}

import type { GetTokenOptions } from "@azure/core-auth";
import type { Call } from "../core/call.ts";
import type { CallerSignal } from "../core/on-abort.ts";
import type { Asked } from "../core/request-memo.ts";
import { ConfigurationError } from "../domain/errors.ts";
import { booleanOr, type NumberRule, numberWithin } from "../domain/option-checks.ts";
import { soleScope } from "../domain/scopes.ts";
import { typeName } from "../domain/type-name.ts";

/** What one call can be told: the options of the Azure SDKs, and two of ours. Unknown ones are ignored. */
export interface AcquisitionOptions extends GetTokenOptions {
  /** Asks the authority even if the cached token is fresh, and rejects when that fails. */
  readonly forceRefresh?: boolean;
  /**
   * How long the token must still last, in milliseconds. One with less left is renewed first; when
   * that fails the valid token is returned all the same. Counts as at most 90 % of the token's
   * lifetime, so that no authority is asked on every call.
   */
  readonly minimumValidityMs?: number;
}

/** The parts of a call's options that choose the token. */
export interface Wanted {
  readonly tenantId: string | undefined;
  readonly claims: string | undefined;
  readonly cae: boolean;
}

const MINIMUM_VALIDITY: NumberRule = { min: 0, max: 86_400_000, fallback: 0, whole: false };

/** @throws ConfigurationError naming the option that is wrong. */
export function readWanted(options: AcquisitionOptions): Wanted {
  return {
    tenantId: textOrNone("tenantId", options.tenantId),
    claims: textOrNone("claims", options.claims),
    cae: booleanOr("enableCae", options.enableCae, false),
  };
}

/** What chooses the token of a call, as it was given; undefined for several scopes, and for what cannot be right. */
export function askedFor(scopes: unknown, options: AcquisitionOptions): Asked | undefined {
  const scope = soleScope(scopes);
  const { tenantId, claims, enableCae } = options;
  if (scope === undefined || !isTextOrNone(tenantId) || !isTextOrNone(claims)) return undefined;
  if (enableCae !== undefined && typeof enableCae !== "boolean") return undefined;
  return {
    scope,
    tenantId: tenantId ?? undefined,
    claims: claims ?? undefined,
    cae: enableCae ?? false,
  };
}

/** @throws ConfigurationError naming the option that is wrong. */
export function readCall(options: AcquisitionOptions): Call {
  const minimum = options.minimumValidityMs;
  return {
    signal: signalOf(options.abortSignal),
    timeoutMs: timeoutOf(options.requestOptions?.timeout),
    forceRefresh: booleanOr("forceRefresh", options.forceRefresh, false),
    minimumValidityMs: numberWithin("minimumValidityMs", minimum, MINIMUM_VALIDITY),
    callerContext: options.tracingOptions?.tracingContext,
  };
}

function textOrNone(option: string, value: unknown): string | undefined {
  if (isTextOrNone(value)) return value ?? undefined;
  throw new ConfigurationError(`${option} must be a string, not ${typeName(value)}.`);
}

function isTextOrNone(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === "string";
}

/** @throws ConfigurationError when it is no signal. */
export function signalOf(signal: unknown): CallerSignal | undefined {
  if (signal === undefined || signal === null) return undefined;
  if (isSignal(signal)) return signal;
  throw new ConfigurationError(`abortSignal must be an AbortSignal, not ${typeName(signal)}.`);
}

/** Whether it is a signal, of the platform or of the Azure SDKs. */
export function isSignal(value: unknown): value is CallerSignal {
  return (
    typeof value === "object" &&
    value !== null &&
    "aborted" in value &&
    "addEventListener" in value &&
    typeof value.addEventListener === "function" &&
    "removeEventListener" in value &&
    typeof value.removeEventListener === "function"
  );
}

// In the Azure SDKs a timeout of 0 means none.
function timeoutOf(timeout: unknown): number | undefined {
  if (timeout === undefined || timeout === null || timeout === 0) return undefined;
  if (typeof timeout === "number" && timeout > 0) return timeout;
  const got = typeof timeout === "number" ? String(timeout) : typeName(timeout);
  throw new ConfigurationError(
    `requestOptions.timeout must be a positive number of ms, not ${got}.`,
  );
}

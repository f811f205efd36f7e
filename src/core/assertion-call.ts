import type { GetAssertion } from "../domain/assertion.ts";
import { clearedCopy } from "../domain/cleared-copy.ts";
import { AssertionUnavailableError, CredentialError } from "../domain/errors.ts";
import { orAborted } from "../domain/or-aborted.ts";
import { assertionOutsideValidity, decodeAssertion } from "../protocol/assertion-claims.ts";
import type { Clock } from "./ports.ts";

export interface AssertionCall {
  readonly getAssertion: GetAssertion;
  readonly clientId: string;
  readonly tenantId: string;
  readonly tokenEndpoint: string;
  readonly timeoutMs: number;
  /** Fires when the flight is over. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * Gets an assertion under its own time limit.
 *
 * @throws AssertionUnavailableError when the source throws, takes too long or gives nothing usable.
 */
export async function callForAssertion(call: AssertionCall): Promise<string> {
  const { getAssertion, clientId, tenantId, tokenEndpoint, timeoutMs, clock } = call;
  const limit = new AbortController();
  const timer = clock.schedule(
    () => limit.abort(tookTooLong(timeoutMs)),
    timeoutMs,
    "unreferenced",
  );
  const abortSignal = AbortSignal.any([call.signal, limit.signal]);

  try {
    const asked = { clientId, tenantId, tokenEndpoint, abortSignal };
    return requireUsable(
      await orAborted(callSource(getAssertion, asked), abortSignal),
      clock.now(),
    );
  } catch (error) {
    call.signal.throwIfAborted();
    throw unavailable(error);
  } finally {
    timer.cancel();
  }
}

// A source that throws before it returns a promise fails like one that rejects.
async function callSource(
  getAssertion: GetAssertion,
  asked: Parameters<GetAssertion>[0],
): Promise<unknown> {
  return getAssertion(asked);
}

function requireUsable(value: unknown, now: number): string {
  if (typeof value !== "string" || value.trim() === "") {
    const got = typeof value === "string" ? "an empty string" : typeof value;
    throw new AssertionUnavailableError(
      `getAssertion gave ${got} where a signed JWT was expected.`,
    );
  }
  const decoded = decodeAssertion(value);
  const fault = decoded && assertionOutsideValidity(decoded, now);
  if (fault !== undefined) {
    throw new AssertionUnavailableError(`No request was sent: ${fault}.`);
  }
  return value;
}

function tookTooLong(timeoutMs: number): AssertionUnavailableError {
  return new AssertionUnavailableError(
    `getAssertion gave no assertion within ${timeoutMs} ms (resilience.assertionTimeoutMs).`,
    { transient: true },
  );
}

function unavailable(error: unknown): AssertionUnavailableError {
  if (error instanceof AssertionUnavailableError) return error;
  const cause = clearedCopy(error);
  const transient = error instanceof CredentialError && error.transient;
  return new AssertionUnavailableError(`getAssertion failed: ${cause.name}: ${cause.message}`, {
    cause,
    transient,
  });
}

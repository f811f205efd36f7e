import { abortErrorFor } from "../domain/abort-error.ts";
import { AcquisitionTimeoutError } from "../domain/errors.ts";
import { type CallerSignal, onAbort } from "./on-abort.ts";
import type { Clock } from "./ports.ts";

/** How long one caller waits. */
export interface CallerLimits {
  readonly signal?: CallerSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * Waits for a shared promise within one caller's limits. The promise itself is left alone:
 * others may wait for it. Listeners and timers are gone when the result settles.
 *
 * @throws AbortError when the signal fires first, or had fired before.
 * @throws AcquisitionTimeoutError when the time runs out first.
 */
export function abortable<T>(
  shared: Promise<T>,
  { signal, timeoutMs }: CallerLimits,
  clock: Clock,
): Promise<T> {
  if (signal?.aborted) return Promise.reject(abortErrorFor(signal));
  if (signal === undefined && timeoutMs === undefined) return shared;

  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const stopListening = signal && onAbort(signal, () => reject(abortErrorFor(signal)));
  const timer =
    timeoutMs === undefined
      ? undefined
      : clock.schedule(() => reject(callerTimeout(timeoutMs)), timeoutMs, "unreferenced");

  shared.then(resolve, reject);
  return promise.finally(() => {
    timer?.cancel();
    stopListening?.();
  });
}

function callerTimeout(timeoutMs: number): AcquisitionTimeoutError {
  return new AcquisitionTimeoutError(
    `No token within the ${timeoutMs} ms that requestOptions.timeout allows this caller.`,
    { budget: "caller", timeoutMs },
  );
}

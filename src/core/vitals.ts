import { CircuitOpenError, type CredentialError } from "../domain/errors.ts";
import type { Clock } from "./ports.ts";

/** How the last flights ended, for a health report. Moments are wall-clock time in milliseconds. */
export class Vitals {
  readonly #clock: Clock;
  #lastError: CredentialError | undefined;
  #failedAt: number | undefined;
  #succeededAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  succeeded(): void {
    this.#succeededAt = this.#clock.now();
  }

  /** An open circuit is no failure of its own: it repeats the one that opened it. */
  failed(error: CredentialError): void {
    if (error instanceof CircuitOpenError) return;
    this.#lastError = error;
    this.#failedAt = this.#clock.now();
  }

  /** A copy of what is known; the error is the asker's own. */
  report(): VitalSigns {
    return {
      ...(this.#lastError && { lastError: this.#lastError.reissue() }),
      ...(this.#failedAt !== undefined && { lastErrorTimestamp: this.#failedAt }),
      ...(this.#succeededAt !== undefined && { lastSuccessTimestamp: this.#succeededAt }),
    };
  }
}

/** How the last token requests ended. */
export interface VitalSigns {
  /** The last failure to get a token from the authority, whoever waited for it and whether or not it is over. */
  readonly lastError?: CredentialError;
  /** When that was, in milliseconds since 1970. */
  readonly lastErrorTimestamp?: number;
  /** When the authority last gave a token, in milliseconds since 1970. */
  readonly lastSuccessTimestamp?: number;
}

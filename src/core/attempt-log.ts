import {
  type AttemptSummary,
  type CredentialError,
  MalformedResponseError,
  TokenEndpointError,
  TransportError,
} from "../domain/errors.ts";

/** What became of the attempts of one flight, for the error that ends it. */
export class AttemptLog {
  readonly #failed: AttemptSummary[] = [];

  failed(error: CredentialError, attempt: number, durationMs: number): void {
    this.#failed.push({ attempt, code: error.code, durationMs, ...particulars(error) });
  }

  failures(): readonly AttemptSummary[] {
    return this.#failed;
  }
}

function particulars(error: CredentialError): Partial<AttemptSummary> {
  if (error instanceof TransportError) return { systemCode: error.systemCode };
  if (error instanceof MalformedResponseError) {
    return error.statusCode === undefined ? {} : { statusCode: error.statusCode };
  }
  if (!(error instanceof TokenEndpointError)) return {};
  const { statusCode, entraCode } = error;
  return entraCode === undefined ? { statusCode } : { statusCode, entraCode };
}

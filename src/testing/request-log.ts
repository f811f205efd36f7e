import type { AuthorityResponse } from "./authority-response.ts";
import type { FaultKind } from "./fault.ts";
import type { ReceivedTokenRequest } from "./scripted-responses.ts";

/** One token request and how it was answered; holds neither assertion nor token. */
export interface RequestRecord {
  /** As the path gave it. */
  readonly tenantId: string;
  /** Absent if the request had none. */
  readonly clientId?: string;
  readonly scopes: readonly string[];
  /** The JSON text, when the request had one. */
  readonly claims?: string;
  /** The client's, or the authority's own if the client gave none. */
  readonly correlationId: string;
  /** HTTP status of the response, also of one that was cut off; 0 when a fault left the request without one. */
  readonly status: number;
  /** The AADSTS number, when the response had one. */
  readonly entraCode?: number;
  /** The kinds of the injected faults that met the request, outermost first; absent if none did. */
  readonly faults?: readonly FaultKind["kind"][];
  /** When the answer was decided, in milliseconds since the epoch; latency and delays come after. */
  readonly at: number;
}

/** What a record is made of. */
export interface LogEntry {
  readonly request: ReceivedTokenRequest;
  readonly response: AuthorityResponse;
  readonly faults: readonly FaultKind["kind"][];
}

/** The token requests that an authority received. */
export class RequestLog {
  readonly #records: RequestRecord[] = [];
  #count = 0;

  /** All requests since the start or the last reset, also those whose record was dropped. */
  get count(): number {
    return this.#count;
  }

  /** Notes a request with the response decided on, before it is sent. */
  add({ request, response, faults }: LogEntry): void {
    const { traceId: _, ...facts } = request;
    const entraCode = entraCodeOf(response);
    const record = {
      ...facts,
      status: response.status,
      at: Date.now(),
      ...(entraCode === undefined ? {} : { entraCode }),
      ...(faults.length === 0 ? {} : { faults: Object.freeze(faults) }),
    };
    this.#records.push(Object.freeze(record));
    this.#count += 1;
    if (this.#records.length > 2 * MAX_RECORDS) this.#records.splice(0, MAX_RECORDS);
  }

  /** A frozen copy of the newest records, oldest first. */
  snapshot(): readonly RequestRecord[] {
    return Object.freeze(this.#records.slice(-MAX_RECORDS));
  }

  /** Forgets everything. */
  reset(): void {
    this.#records.length = 0;
    this.#count = 0;
  }
}

// A load test makes a million requests; more than these nobody reads.
const MAX_RECORDS = 20_000;

function entraCodeOf({ body }: AuthorityResponse): number | undefined {
  const { error_codes: codes } = typeof body === "object" ? body : {};
  const code: unknown = Array.isArray(codes) ? codes[0] : undefined;
  return typeof code === "number" ? code : undefined;
}

import type { AuthorityResponse } from "./authority-response.ts";
import type { ReceivedTokenRequest } from "./scripted-responses.ts";

/** When the tokens expire that were issued last, one per tenant, client and scopes. */
export class IssuedExpiries {
  readonly #expiries = new Map<string, number>();

  /**
   * When the last token for such a request expires, in milliseconds since the epoch; undefined if
   * there was none, or one with less than a second left.
   */
  lastFor(request: ReceivedTokenRequest): number | undefined {
    const expiryMs = this.#expiries.get(keyOf(request));
    return expiryMs !== undefined && expiryMs - Date.now() >= 1000 ? expiryMs : undefined;
  }

  /** Notes the expiry that a response tells, if it issues a token and is sent whole. */
  note(request: ReceivedTokenRequest, response: AuthorityResponse): void {
    const { status, body, destroy, interrupt } = response;
    if (status !== 200 || typeof body !== "object" || (interrupt ?? destroy) !== undefined) return;
    const { expires_in: lifetimeS } = body;
    if (typeof lifetimeS !== "number" || !Number.isSafeInteger(lifetimeS)) return;

    const key = keyOf(request);
    const expiryMs = Date.now() + lifetimeS * 1000;
    const lastMs = this.#expiries.get(key) ?? expiryMs;
    // A lifetime has whole seconds: a repeated expiry must not lose a part of one each time.
    const isRepeated = lastMs - expiryMs >= 0 && lastMs - expiryMs < 1000;
    // Anew, so that the first of the map is the one not issued for the longest time.
    this.#expiries.delete(key);
    this.#expiries.set(key, isRepeated ? lastMs : expiryMs);
    if (this.#expiries.size > MAX_ENTRIES) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const { value } = this.#expiries.keys().next();
    if (value !== undefined) this.#expiries.delete(value);
  }
}

const MAX_ENTRIES = 20_000;

function keyOf({ tenantId, clientId, scopes }: ReceivedTokenRequest): string {
  return JSON.stringify([tenantId.toLowerCase(), clientId, [...scopes].sort()]);
}

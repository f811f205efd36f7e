import type { TokenForm } from "./token-form.ts";

/** One POST to a token endpoint. */
export interface EndpointRequest {
  readonly url: string;
  /** Lower-case names. `content-type` and `content-length` are the transport's to set. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body; a secret, revealed by `encode`. */
  readonly form: TokenForm;
  /**
   * Wants a connection of its own: one that was kept open has just failed this request, and others
   * may be as old. A transport that cannot may ignore it.
   */
  readonly freshConnection: boolean;
  /** Fires when the answer is no longer wanted: the transport destroys the request. */
  readonly signal: AbortSignal;
}

/** What came back, whatever its status. */
export interface EndpointResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The whole body, decoded as UTF-8; may be a secret. */
  readonly body: string;
}

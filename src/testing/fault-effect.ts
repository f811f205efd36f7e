import type { AuthorityResponse } from "./authority-response.ts";
import type { GenuineAnswer, ReceivedTokenRequest } from "./scripted-responses.ts";

/** What a fault may look at when it changes or replaces an answer. */
export interface FaultedRequest extends ReceivedTokenRequest {
  /** What the header of the assertion calls its key, as `parameter:value`; undefined when it cannot be read. */
  readonly keyNames: readonly string[] | undefined;
}

/** What a fault does to a request: asks for the answer below it and changes that, or answers by itself. */
export type FaultEffect = (
  request: FaultedRequest,
  answer: GenuineAnswer,
) => AuthorityResponse | Promise<AuthorityResponse>;

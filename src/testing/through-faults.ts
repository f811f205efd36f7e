import { decodeProtectedHeader } from "jose";
import type { ActiveFault } from "./active-faults.ts";
import type { AuthorityResponse } from "./authority-response.ts";
import type { FaultedRequest } from "./fault-effect.ts";
import { namesIn } from "./registered-key.ts";
import type { GenuineAnswer, ReceivedTokenRequest } from "./scripted-responses.ts";

/** A request and the assertion that proves its client, if it has one. */
export interface ProvenRequest {
  readonly request: ReceivedTokenRequest;
  readonly assertion: string | null;
}

/** Answers a request through faults, the first outermost: each may change the answer below it, or never ask for it. */
export async function throughFaults(
  faults: readonly ActiveFault[],
  { request, assertion }: ProvenRequest,
  answer: GenuineAnswer,
): Promise<AuthorityResponse> {
  if (faults.length === 0) return answer();
  const faulted: FaultedRequest = { ...request, keyNames: keyNamesOf(assertion) };
  const outermost = faults.reduceRight<GenuineAnswer>(
    (below, { effect }) =>
      async () =>
        effect(faulted, below),
    answer,
  );
  return outermost();
}

function keyNamesOf(assertion: string | null): readonly string[] | undefined {
  try {
    return namesIn({ ...decodeProtectedHeader(assertion ?? "") });
  } catch {
    return undefined;
  }
}

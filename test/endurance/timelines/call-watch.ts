import {
  AbortError,
  type AccessToken,
  ConfigurationError,
  CredentialClosedError,
  CredentialError,
} from "../../../src/index.ts";
import { type CallAction, CHALLENGES } from "./action.ts";
import type { FickleAuthority, IssuedRecord } from "./fickle-authority.ts";

const DEADLINE_MS = 30_000;
const CLIENT_CAPABILITY = "xms_cc";

/** A call, and what was so when it was made. */
export interface WatchedCall {
  readonly action: CallAction;
  readonly tenant: string;
  /** On the monotonic clock. */
  readonly startedAt: number;
  /** The longest it may take. */
  readonly limitMs: number;
  /** The usable token at hand, as the authority knows it. */
  readonly atHand: IssuedRecord | undefined;
  /** No token asked for before this one and without claims may answer: a challenge had won it before the call. */
  readonly notBefore: number;
}

/** The longest a call may take: the deadline, or less if the caller wants it so. */
export function limitMsOf({ timeoutMs, abortAfterMs }: CallAction): number {
  const own = Math.min(timeoutMs ?? DEADLINE_MS, abortAfterMs ?? DEADLINE_MS);
  return Math.min(DEADLINE_MS, own);
}

/** What is wrong with the token that a call got; nothing, if all is well. */
export function faultsOfToken(
  { token }: AccessToken,
  { action, tenant, notBefore }: WatchedCall,
  { authority, trueNow }: { readonly authority: FickleAuthority; readonly trueNow: number },
): readonly string[] {
  const record = authority.recordOf(token);
  if (record === undefined) return [`the authority never issued ${token}`];

  const faults: string[] = [];
  const { scope, claims } = record;
  if (record.tenant !== tenant) faults.push(`${token} is of tenant ${record.tenant}`);
  if (wordsOf(scope) !== wordsOf(action.scopes)) faults.push(`${token} is for ${scope}`);
  if (claims.includes(CLIENT_CAPABILITY) !== (action.cae ?? false)) {
    faults.push(`${token} was asked for with ${claims}`);
  }
  if (action.claims !== undefined && !answers(claims, action.claims)) {
    faults.push(`${token} was asked for with ${claims}`);
  }
  if (record.expiresAt <= trueNow) {
    faults.push(`${token} expired ${trueNow - record.expiresAt} ms ago`);
  }
  // Of two challenges the one begun later may have asked earlier, when both had to try again.
  if (record.serial < notBefore && !isChallenge(claims)) {
    faults.push(`${token} was asked for before the challenge that won token-${notBefore}`);
  }
  return faults;
}

/** What is wrong with the error that a call got; nothing, if it may be. */
export function faultsOfError(
  error: unknown,
  { action, atHand }: WatchedCall,
  { trueNow }: { readonly trueNow: number },
): readonly string[] {
  if (error instanceof AbortError) {
    return action.abortAfterMs === undefined ? ["aborted by nobody"] : [];
  }
  if (!(error instanceof CredentialError)) return [`an error of no kind: ${String(error)}`];
  if (error instanceof ConfigurationError || error instanceof CredentialClosedError) {
    return [`a wrong error: ${error.message}`];
  }
  const wasUsable = atHand !== undefined && trueNow < atHand.expiresAt;
  if (wasUsable && !action.force) {
    return [`${error.code} though token-${atHand.serial} was good for the whole call`];
  }
  return [];
}

function wordsOf(scope: string): string {
  return scope.split(" ").sort().join(" ");
}

function isChallenge(sent: string): boolean {
  return CHALLENGES.some((challenge) => answers(sent, challenge));
}

// Under CAE the capability is merged in, so the member asked for is looked for.
function answers(sent: string, wanted: string): boolean {
  const member = wanted.includes("nbf") ? '"nbf"' : '"a"';
  return sent.includes(member);
}

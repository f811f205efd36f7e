import { writeSync } from "node:fs";
import {
  ClientAssertionCredential,
  type ClientAssertionCredentialOptions,
} from "../../../src/index.ts";
import type { Fact, Handover } from "../support/child.ts";

const TENANT = "11111111-2222-3333-4444-555555555555";
const CLIENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

export const SCOPE = "https://vault.azure.net/.default";

/** The credential against the authority of the parent process. */
export function makeCredential(
  options: ClientAssertionCredentialOptions = {},
): ClientAssertionCredential {
  const { authorityHost, ca, assertion }: Handover = JSON.parse(process.argv[2] ?? "");
  return new ClientAssertionCredential(TENANT, CLIENT, () => assertion, {
    authorityHost,
    tls: { ca },
    ...options,
  });
}

/** Tells the parent process, at once. */
export function say(fact: Fact): void {
  writeSync(1, `${JSON.stringify(fact)}\n`);
}

/** Tells the parent process how long the process still lived after this moment. */
export function timeTheEnd(): void {
  const from = performance.now();
  process.once("exit", () => say({ endedAfterMs: performance.now() - from }));
}

/** Waits for the parent process, and keeps this one alive meanwhile. */
export async function toldToGoOn(): Promise<void> {
  for await (const _ of process.stdin) break;
}

/** Puts the wall clock ahead, so that a token of an hour is due for renewal or past its end. */
export function laterBy(minutes: number): void {
  const now = Date.now;
  Date.now = () => now() + minutes * 60_000;
}

import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import type { AcquisitionOptions, ClientAssertionCredential } from "../../src/index.ts";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { type FakeEntra, fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";
import { pass } from "./pass.ts";
import { turn } from "./turn.ts";

const MINUTE_MS = 60_000;

useFakeClock();

type Call = (options: AcquisitionOptions) => Promise<unknown>;

const callOf =
  (credential: ClientAssertionCredential): Call =>
  (options) =>
    credential.getToken(SCOPE, options);

const against = (entra: FakeEntra) => credentialAgainst(entra);

/** Each place where a caller may have to wait, and how to bring one there. */
const PLACES: readonly (readonly [place: string, arrange: () => Promise<Call> | Call])[] = [
  ["the assertion", () => callOf(credentialAgainst(fakeEntra(), { getAssertion: never }))],
  ["the answer", () => callOf(against(fakeEntra().hangs()))],
  ["a retry", () => callOf(against(fakeEntra().fails("ECONNRESET")))],
  ["a Retry-After", () => callOf(against(fakeEntra().refuses(503, "busy", 1, RETRY_LATER)))],
  [
    "a flight of others",
    () => {
      const credential = against(fakeEntra().hangs());
      void credential.getToken(SCOPE).catch(() => {});
      return callOf(credential);
    },
  ],
  [
    "a background refresh",
    async () => {
      const credential = against(fakeEntra().issues("first").hangs());
      await credential.getToken(SCOPE);
      await pass(56 * MINUTE_MS);
      await credential.getToken(SCOPE);
      return (options) => credential.getToken(SCOPE, { minimumValidityMs: 600_000, ...options });
    },
  ],
  [
    "the successor of an expiring token",
    async () => {
      const credential = against(fakeEntra().issues("first").hangs());
      await credential.getToken(SCOPE);
      await pass(59.7 * MINUTE_MS);
      return callOf(credential);
    },
  ],
  [
    "a forced refresh",
    async () => {
      const credential = against(fakeEntra().issues("first").hangs());
      await credential.getToken(SCOPE);
      return (options) => credential.getToken(SCOPE, { forceRefresh: true, ...options });
    },
  ],
  [
    "a place in the queue of the origin",
    () => {
      const credential = against(fakeEntra().hangs());
      for (const index of times(40, (one) => one)) {
        void credential.getToken(`scope-${index}`).catch(() => {});
      }
      return callOf(credential);
    },
  ],
];

const RETRY_LATER = { "retry-after": "20" };

test.each(PLACES)(
  "2.4 a caller who waits for %s leaves within a turn of the event loop",
  async (_, arrange) => {
    const call = await arrange();
    const impatient = new AbortController();
    let isOver = false;
    const leaving = rejection(call({ abortSignal: impatient.signal })).finally(() => {
      isOver = true;
    });
    await turn();
    expect(isOver).toBe(false);

    impatient.abort(new Error("enough"));
    await turn();

    expect(isOver).toBe(true);
    expect(await leaving).toMatchObject({ name: "AbortError", cause: { message: "enough" } });
    expect(getEventListeners(impatient.signal, "abort")).toEqual([]);
  },
);

function never(): Promise<string> {
  return new Promise(() => {});
}

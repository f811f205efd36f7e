import { expect, test } from "vitest";
import type { ClientAssertionCredential } from "../../src/index.ts";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { times } from "../support/times.ts";
import { grant } from "./faults/fault.ts";
import { pass } from "./pass.ts";
import { turn } from "./turn.ts";

const SECOND_MS = 1_000;

// A key that is left alone for five minutes, by chance up to a fifth less.
const SHORTEST_LONG_REST_MS = 240_000;
// What the cool-downs before it take: half a minute, one, two and four; one more as the token
// begins to expire, and one when it has.
const SHORTER_RESTS = 6;

useFakeClock();

const LIFETIMES = [
  { lifetime: "60 s", lifetimeS: 60, refreshS: 48 },
  { lifetime: "5 min", lifetimeS: 300, refreshS: 240 },
  { lifetime: "24 min", lifetimeS: 1_440, refreshS: 1_152 },
  { lifetime: "1 h", lifetimeS: 3_600, refreshS: 3_300 },
  { lifetime: "90 min", lifetimeS: 5_400, refreshS: 5_100 },
  { lifetime: "2 h", lifetimeS: 7_200, refreshS: 3_600 },
  { lifetime: "24 h", lifetimeS: 86_400, refreshS: 43_200 },
  { lifetime: "28 h", lifetimeS: 100_800, refreshS: 50_400 },
] as const;

test.each(LIFETIMES)(
  "5.2 while the authority hangs, a token of $lifetime reaches every caller before it expires, within a third of its time left",
  async ({ lifetimeS, refreshS }) => {
    const entra = fakeEntra().issues("first", { expires_in: lifetimeS }).hangs();
    const credential = credentialAgainst(entra);
    const expiresAt = Date.now() + lifetimeS * SECOND_MS;
    await credential.getToken(SCOPE);
    await pass(refreshS * SECOND_MS);

    const calls: Promise<Waited>[] = [];
    while (Date.now() < expiresAt - 50) {
      calls.push(waitedFor(credential));
      // More often the closer it comes.
      await pass(Math.min((expiresAt - Date.now()) / 50 + 10, 600 * SECOND_MS));
    }

    const waits = await Promise.all(calls);
    expect(waits.length).toBeGreaterThan(100);
    expect(waits.filter(({ token }) => token !== "first")).toEqual([]);
    expect(waits.filter(({ from, until }) => until - from > (expiresAt - from) / 3)).toEqual([]);
    expect(waits.filter(({ until }) => until >= expiresAt)).toEqual([]);
    expect(waits.some(({ from, until }) => until > from)).toBe(true);
    expect(entra.requests.length).toBeGreaterThan(1);
  },
);

test.each(LIFETIMES)(
  "5.3 tokens of $lifetime are asked for once each, and nobody waits for the next",
  async ({ lifetimeS, refreshS }) => {
    const entra = fakeEntra();
    entra.replies(() => grant(`token-${entra.requests.length}`, { expires_in: lifetimeS }));
    const credential = credentialAgainst(entra);
    await credential.getToken(SCOPE);

    const renewals = 5;
    const stepS = refreshS / 100;
    for (const _ of times(renewals * 100, () => 0)) {
      await pass(stepS * SECOND_MS);
      const { from, until } = await waitedFor(credential);
      expect(until - from).toBe(0);
      await turn();
    }

    expect(entra.requests).toHaveLength(1 + renewals);
  },
);

test.each(LIFETIMES)(
  "5.4 an authority that gives a token of $lifetime again and again is not asked in a loop",
  async ({ lifetimeS, refreshS }) => {
    const expiresAt = Date.now() + lifetimeS * SECOND_MS;
    const leftS = () => Math.round((expiresAt - Date.now()) / SECOND_MS);
    const entra = fakeEntra()
      .replies(() => grant("same", { expires_in: leftS() }))
      .replies(() => grant("same", { expires_in: leftS(), refresh_in: 1 }));
    const credential = credentialAgainst(entra);
    await credential.getToken(SCOPE);
    await pass(refreshS * SECOND_MS);

    const staleMs = (lifetimeS - refreshS) * SECOND_MS;
    for (const _ of times(1_000, () => 0)) {
      await credential.getToken(SCOPE);
      await pass(staleMs / 1_001);
    }

    const longRests = Math.floor(staleMs / SHORTEST_LONG_REST_MS);
    expect(entra.requests.length).toBeGreaterThan(1);
    expect(entra.requests.length).toBeLessThanOrEqual(1 + SHORTER_RESTS + longRests);
  },
);

interface Waited {
  readonly token: string;
  readonly from: number;
  readonly until: number;
}

async function waitedFor(credential: ClientAssertionCredential): Promise<Waited> {
  const from = Date.now();
  const { token } = await credential.getToken(SCOPE);
  return { token, from, until: Date.now() };
}

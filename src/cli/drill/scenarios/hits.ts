import { shortDuration } from "../../quantity.ts";
import { stopwatch } from "../../stopwatch.ts";
import type { Contender } from "../contender.ts";
import { counted, type Expectation } from "../expectation.ts";
import { median } from "../median.ts";
import type { Scenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const SIZES = [1, 100, 1_000, 3_000];
const AT_ONCE = 32;
const ROUNDS = 9;
const ROUND_MS = 20;
const MAX_RATIO = 2;
const MAX_HIT_MS = 0.01;

/** Calls that are answered from the cache. */
export const HITS: readonly Scenario[] = [
  {
    name: "flat-hits",
    promise: "M6: a hit takes about a microsecond, however many tokens are cached.",
    runs: "alone",
    run: async (stage) => {
      const hitMs = await hitTimes(stage);
      const [one = Number.NaN] = hitMs;
      const last = hitMs.at(-1) ?? Number.NaN;
      return [hitTime(one), flatness(last / one, last)];
    },
  },
  {
    name: "hit-without-assertion",
    promise: "A hit asks for no assertion and sends nothing.",
    runs: "beside others",
    run: async (stage) => {
      const authority = await stage.authority();
      const credential = stage.credential(authority);

      for (let call = 0; call < 10_000; call += 1) await credential.getToken(scope(0));

      return [
        counted("requests of 10,000 calls", { seen: authority.requestCount, exactly: 1 }),
        counted("assertions of 10,000 calls", { seen: credential.assertions(), exactly: 1 }),
      ];
    },
  },
];

// Smallest cache first: each step only adds what is missing.
async function hitTimes(stage: Stage): Promise<readonly number[]> {
  const authority = await stage.authority();
  // Tokens without a signature: thousands of them are made in a second.
  authority.respondWith(({ scopes }) => ({
    status: 200,
    body: { token_type: "Bearer", access_token: unsigned(scopes), expires_in: 3_599 },
  }));
  const credential = stage.credential(authority);
  const times: number[] = [];
  let cached = 0;
  for (const size of SIZES) {
    await fill(credential, { from: cached, to: size });
    cached = size;
    times.push(await hitMs(stage, credential));
  }
  return times;
}

function unsigned(scopes: readonly string[]): string {
  return Buffer.from(scopes.join()).toString("base64url");
}

async function fill(
  credential: Contender,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  for (let next = from; next < to; next += AT_ONCE) {
    const until = Math.min(next + AT_ONCE, to);
    const scopes = Array.from({ length: until - next }, (_, index) => scope(next + index));
    await Promise.all(scopes.map((each) => credential.getToken(each)));
  }
}

async function hitMs(stage: Stage, credential: Contender): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const elapsedMs = stopwatch();
    let calls = 0;
    while (elapsedMs() < ROUND_MS) {
      for (let call = 0; call < 10; call += 1) await credential.getToken(scope(0));
      calls += 10;
    }
    rounds.push(elapsedMs() / calls);
    stage.made(calls);
    await stage.pause(0);
  }
  return median(rounds);
}

function hitTime(ms: number): Expectation {
  const shown = (value: number) => shortDuration(value).shown;
  const seen = shown(ms);
  return {
    label: "a hit beside no other token",
    expected: `at most ${shown(MAX_HIT_MS)}`,
    seen,
    holds: ms <= MAX_HIT_MS,
  };
}

function flatness(ratio: number, ms: number): Expectation {
  return {
    label: "a hit beside 2,999 others",
    expected: `at most ${MAX_RATIO} × that`,
    seen: `${ratio.toFixed(2)} × (${shortDuration(ms).shown})`,
    holds: ratio <= MAX_RATIO,
  };
}

function scope(number: number): string {
  return `https://resource-${number}.example/.default`;
}

import { setTimeout as pause } from "node:timers/promises";
import type { LocalAuthority } from "../../../testing/index.ts";
import { answerTo, refusals } from "../answer.ts";
import type { Contender } from "../contender.ts";
import { counted, type Expectation } from "../expectation.ts";
import type { Scenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const KEYS = 1_000;
const LATE_KEYS = 200;
// A fifth of the requests, and three.
const MOST_REQUESTS = KEYS * 1.2 + 3;
const OPEN_MS = 3_000;
const LATENCY_MS = 50;
const PATIENCE_MS = 30_000;
const GENERATIONS = 5;

/** Many keys at once, and an authority that fails them all. */
export const THOUSAND_KEYS: readonly Scenario[] = [
  {
    name: "cold-thousand-keys",
    promise:
      "A thousand cold keys and an authority that answers 503: few retries, then none at all, and after " +
      "the recovery one request, two, four.",
    setup:
      "resilience.circuitBreaker.openMs at 3 s (10 s by default), so that the recovery is part of the drill",
    runs: "beside others",
    run: thousandKeys,
  },
];

async function thousandKeys(stage: Stage): Promise<readonly Expectation[]> {
  const authority = await stage.authority();
  const options = { resilience: { circuitBreaker: { openMs: OPEN_MS } } };
  const credential = stage.credential(authority, { options });
  const ended = authority.injectFault({ kind: "outage" });

  const cold = await Promise.all(
    scopes(0, KEYS).map((each) => answerTo(() => credential.getToken(each))),
  );
  const requests = authority.requestCount;
  const late = scopes(KEYS, LATE_KEYS);
  await Promise.all(late.map((each) => answerTo(() => credential.getToken(each))));
  const whileOpen = authority.requestCount - requests;
  ended();

  return [
    counted("rejected", { seen: refusals(cold).length, exactly: KEYS }),
    counted("requests of 1,000 keys", { seen: requests, atMost: MOST_REQUESTS }),
    counted("requests of 200 more keys, behind an open circuit", { seen: whileOpen, exactly: 0 }),
    ...(await recovery({ stage, authority, credential, late })),
  ];
}

interface Recovery {
  readonly stage: Stage;
  readonly authority: LocalAuthority;
  readonly credential: Contender;
  readonly late: readonly string[];
}

async function recovery({ stage, authority, credential, late }: Recovery) {
  const crowding = watchCrowding(authority);
  const served = await Promise.all(late.map((each) => askUntilServed(stage, credential, each)));
  const most = crowding.generations();
  return [
    counted("of those 200 served after the recovery", {
      seen: served.filter((each) => each).length,
      exactly: LATE_KEYS,
    }),
    {
      label: "requests at once, by generation",
      expected: "at most 1, 2, 4, 8, 16",
      seen: most.join(", "),
      holds: most.every((atOnce, generation) => atOnce <= 2 ** generation),
    },
  ];
}

/** Watches how many requests are with the authority at once. */
function watchCrowding(authority: LocalAuthority) {
  const atOnce: number[] = [];
  let underWay = 0;
  authority.respondWith(async (_, genuine) => {
    underWay += 1;
    atOnce.push(underWay);
    await pause(LATENCY_MS);
    underWay -= 1;
    return genuine();
  });
  return {
    // The first request, the two after it, the four after those.
    generations: (): readonly number[] =>
      Array.from({ length: GENERATIONS }, (_, generation) =>
        Math.max(0, ...atOnce.slice(2 ** generation - 1, 2 ** (generation + 1) - 1)),
      ),
  };
}

async function askUntilServed(
  stage: Stage,
  credential: Contender,
  scope: string,
): Promise<boolean> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const answer = await answerTo(() => credential.getToken(scope));
    if ("token" in answer) return true;
    await stage.pause(50);
  }
  return false;
}

function scopes(from: number, count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, index) => `https://key-${from + index}.example/.default`,
  );
}

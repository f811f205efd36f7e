import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { OTHER_TENANT } from "../../support/credentials.ts";
import { seededChance } from "../seeded-chance.ts";
import { turn } from "../turn.ts";
import { type Mix, type Timeline, timelines } from "./action.ts";
import { EVERY_SCOPE, World } from "./world.ts";

const MINUTE_MS = 60_000;

/** How many lives each test looks at; a night's worth is 100,000. */
const RUNS = Number(process.env["AFFIANT_PROPERTY_RUNS"] ?? 250);
/** Repeats a run: the seed that a failure prints. */
const SEED = process.env["AFFIANT_PROPERTY_SEED"];

vi.setConfig({ testTimeout: 60_000 + RUNS * 200 });

// Calls for the same thing share a request; who insists does not share with who does not. What a
// challenge overtook goes on for those who wait for it, so there no number holds.
const LARGEST_CROWD: Partial<Record<Mix, number>> = { plain: 1, forced: 2 };

test.each([
  ["callers who take what there is", "plain"],
  ["callers some of whom insist", "forced"],
  ["callers whose tokens are refused", "challenged"],
  ["callers with claims, and clocks that jump", "everything"],
] as const)("whatever happens, the rules hold for %s", async (_, mix) => {
  const property = fc.asyncProperty(timelines(mix), async (timeline) => {
    vi.useFakeTimers({ now: new Date("2026-03-01T12:00:00Z") });
    const random = vi.spyOn(Math, "random").mockImplementation(seededChance(timeline.seed));
    try {
      await live(timeline);
    } finally {
      random.mockRestore();
      vi.useRealTimers();
    }
  });

  await fc.assert(property, {
    numRuns: RUNS,
    ...(SEED === undefined ? {} : { seed: Number(SEED) }),
  });
});

async function live({ mix, actions }: Timeline): Promise<void> {
  const world = new World();
  for (const action of actions) await world.happen(action);
  expect(world.faults).toEqual([]);
  const largest = LARGEST_CROWD[mix];
  if (largest !== undefined) expect(world.authority.largestCrowd).toBeLessThanOrEqual(largest);

  // All faults are over and every rest as well: each key gets a token while the clock stands still.
  await world.happen({ do: "heal", lifetimeS: 3_600, latencyMs: 0 });
  await world.happen({ do: "pass", ms: 5 * MINUTE_MS });
  for (const scope of EVERY_SCOPE) {
    await world.credential.getToken(scope);
    // The refresh behind it may be the probe of the circuit, beside which there is no other.
    await turn();
    await world.credential.getToken(scope, { tenantId: OTHER_TENANT, enableCae: true });
    await turn();
  }
  expect(world.faults).toEqual([]);

  await world.credential.close();
  await turn();
  expect(vi.getTimerCount()).toBe(0);
}

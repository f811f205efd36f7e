import { expect, test, vi } from "vitest";
import type { ClientAssertionCredentialOptions } from "../../src/index.ts";
import type { LocalAuthority, LocalAuthorityOptions } from "../../src/testing/index.ts";
import { describeWith } from "../support/optional-part.ts";
import { makePapers, startAuthority } from "./support/authority.ts";
import { type FakeClock, makeFakeClock, type Showing } from "./support/fake-clock.ts";
import { FAKETIME } from "./support/parts.ts";
import { startService } from "./support/remote-service.ts";
import type { Service, Tally } from "./support/service.ts";
import { type Stage, together } from "./support/together.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const OUT_OF_ORDER = { status: 503, body: "<html>" };
const QUICK: ClientAssertionCredentialOptions = {
  refresh: { coolDownMs: 200, maxCoolDownMs: 200 },
  resilience: { maxRetries: 0, circuitBreaker: false },
};

const SHORT_LIFE_S = 3;
const SHORT_LIFE: LocalAuthorityOptions = { accessTokenLifetimeS: SHORT_LIFE_S };
const A_LITTLE_LONGER = { lastedMs: (SHORT_LIFE_S + 1) * 1_000 };

// Two of the machine's own seconds.
const FAST = { speed: 450 };
const FAST_LIFE_S = 900;
const HOUR_MS = 3_600_000;

/** What happens to the wall clock of a service that has a token, and to its authority. */
interface Scene {
  readonly authority?: LocalAuthorityOptions;
  readonly showing?: Showing;
  act(cast: Cast): Promise<Tally>;
}

interface Cast {
  readonly authority: LocalAuthority;
  readonly clock: FakeClock;
  readonly service: Service;
}

const FAST_HOUR: Scene = {
  authority: { accessTokenLifetimeS: FAST_LIFE_S },
  showing: FAST,
  act: ({ service }) => service.call({ livedMs: HOUR_MS }),
};

const BACK: Scene = {
  authority: SHORT_LIFE,
  act: async ({ clock, service }) => {
    await clock.show({ hours: -2 });
    return service.call(A_LITTLE_LONGER);
  },
};

const BACK_IN_AN_OUTAGE: Scene = {
  authority: SHORT_LIFE,
  act: async ({ authority, clock, service }) => {
    authority.respondWith(OUT_OF_ORDER);
    await clock.show({ hours: -2 });
    return service.call(A_LITTLE_LONGER);
  },
};

const AHEAD: Scene = {
  act: async ({ clock, service }) => {
    await service.call({ calls: 5 });
    await clock.show({ hours: 2 });
    return service.call({ calls: 5 });
  },
};

const AHEAD_IN_AN_OUTAGE: Scene = {
  act: async ({ authority, clock, service }) => {
    await service.call({ calls: 5 });
    authority.respondWith(OUT_OF_ORDER);
    await clock.show({ hours: 2 });
    return service.call({ calls: 20 });
  },
};

const AHEAD_AND_BACK: Scene = {
  act: async ({ clock, service }) => {
    await clock.show({ hours: 2 });
    await service.call({ calls: 5 });
    await clock.show({ hours: 0 });
    return service.call({ lastedMs: 1_500 });
  },
};

const SCENES = [FAST_HOUR, BACK, BACK_IN_AN_OUTAGE, AHEAD, AHEAD_IN_AN_OUTAGE, AHEAD_AND_BACK];

describeWith(FAKETIME, "chaos with the wall clock", () => {
  const storyOf = together(SCENES, play);

  test("two hours ahead, as after a suspension: the next call gets a new token", async () => {
    const { calls, requests } = await storyOf(AHEAD);

    expect(calls).toMatchObject({ rejected: [], tokens: 1, newest: 2 });
    expect(requests).toBe(2);
  });

  test("two hours ahead while the authority is out: no call gets the expired token", async () => {
    const { tokens, rejected } = (await storyOf(AHEAD_IN_AN_OUTAGE)).calls;

    expect(tokens).toBe(0);
    expect(rejected).toEqual(Array.from({ length: 20 }, () => "ERR_TOKEN_ENDPOINT"));
  });

  test("two hours back while the authority is out: a token ends when its life is over", async () => {
    const { tokens, rejected, oldestServedMs } = (await storyOf(BACK_IN_AN_OUTAGE)).calls;

    expect(tokens).toBe(1);
    expect(oldestServedMs).toBeLessThan(SHORT_LIFE_S * 1_000);
    expect(new Set(rejected)).toEqual(new Set(["ERR_TOKEN_ENDPOINT"]));
  });

  test("two hours back: tokens are renewed in time, and no call is rejected", async () => {
    const { rejected, newest, oldestServedMs } = (await storyOf(BACK)).calls;

    expect(rejected).toEqual([]);
    expect(newest).toBeGreaterThanOrEqual(2);
    expect(oldestServedMs).toBeLessThan(SHORT_LIFE_S * 1_000);
  });

  test("two hours ahead and back again: the newer token serves on", async () => {
    const { calls, requests } = await storyOf(AHEAD_AND_BACK);

    expect(calls).toMatchObject({ rejected: [], waited: 0, tokens: 1, newest: 2 });
    expect(requests).toBe(2);
  });

  test("an hour on a clock that runs fast: each token is renewed once, and no call is rejected", async () => {
    const { calls, requests } = await storyOf(FAST_HOUR);
    const lives = calls.livedMs / (FAST_LIFE_S * 1_000);

    expect(calls.rejected).toEqual([]);
    expect(requests).toBeGreaterThanOrEqual(Math.floor(lives));
    // Renewed at 80 % of the life, or by chance a tenth earlier.
    expect(requests).toBeLessThanOrEqual(2 + lives / (0.8 * 0.9));
  });
});

/** Plays a scene with a service that goes by a clock of its own; the authority's clock is real. */
async function play({ authority: options, showing, act }: Scene, stage: Stage) {
  const papers = await makePapers();
  const authority = stage.use(await startAuthority(papers, options));
  const clock = stage.use(await makeFakeClock(showing));
  const access = await papers.accessBy(authority.url);
  const service = stage.use(startService({ ...access, options: QUICK }, { env: clock.env }));
  await service.warmUp();
  const calls = await act({ authority, clock, service });
  return { calls, requests: authority.requestCount };
}

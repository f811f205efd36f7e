import { describe, expect, test, vi } from "vitest";
import { describeWith } from "../support/optional-part.ts";
import { makePapers } from "./support/authority.ts";
import { openNetwork } from "./support/network.ts";
import { startNetworkAuthority } from "./support/network-authority.ts";
import {
  attempts,
  countAttempts,
  NETWORK_FAULTS,
  type NetworkFault,
  PORT,
  taken,
} from "./support/network-faults.ts";
import { LIMITS, liveThrough, mostRequests, type Story } from "./support/outage.ts";
import { slowest } from "./support/outcome.ts";
import { NAMESPACES } from "./support/parts.ts";
import { startService } from "./support/remote-service.ts";
import { type Stage, together } from "./support/together.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

// A late timer of a busy machine.
const SLACK_MS = 500;

const BY_CHANCE = { code: expect.stringMatching(/^(ERR_TRANSPORT|ERR_TIMEOUT|served)$/) };

describeWith(NAMESPACES, "chaos in network namespaces", () => {
  const storyOf = together(NETWORK_FAULTS, outageOf);

  describe.each(NETWORK_FAULTS)("$name", (fault) => {
    test("every call is served by a token at hand, and none waits", async () => {
      const { during } = await storyOf(fault);

      expect(during).toMatchObject({ calls: 300, rejected: [], waited: 0 });
    });

    test("connections are tried, but not by every call", async () => {
      const { during, requests } = await storyOf(fault);

      expect(requests).toBeLessThanOrEqual(mostRequests(during));
    });

    test("all cold callers get a typed error within the deadline, or a token where there is a chance", async () => {
      const { cold } = await storyOf(fault);

      for (const outcome of cold) expect(outcome).toMatchObject(fault.cold ?? BY_CHANCE);
      expect(slowest(cold)).toBeLessThan(LIMITS.resilience.deadlineMs + SLACK_MS);
    });

    test("afterwards a newer token comes by itself, and the cold callers are served", async () => {
      const { during, after, coldAfter } = await storyOf(fault);

      expect(after).toMatchObject({ rejected: [], waited: 0 });
      expect(after.newest).toBeGreaterThan(during.newest);
      expect(coldAfter.code).toBe("served");
    });
  });

  test.each(NETWORK_FAULTS.filter(({ by }) => by === "filter"))(
    "$name: the filters took packets",
    async (fault) => {
      expect((await storyOf(fault)).taken).toBeGreaterThan(0);
    },
  );
});

interface NetworkStory extends Story {
  /** Packets that the fault's filters took. */
  readonly taken: number;
}

async function outageOf(fault: NetworkFault, stage: Stage): Promise<NetworkStory> {
  const network = stage.use(await openNetwork());
  const { address } = network.authority;
  const papers = await makePapers(address);
  const access = await papers.accessBy(`https://${address}:${PORT}`);
  const site = { ...papers, address, port: PORT };
  stage.use(await startNetworkAuthority(network.authority, site));
  const { within } = network.service;
  const service = stage.use(startService({ ...access, options: LIMITS }, { within }));
  await countAttempts(network);
  let lost = 0;
  const outage = {
    begin: () => fault.begin(network),
    end: async () => {
      lost = await taken(network);
      await fault.end(network);
    },
    requests: () => attempts(network),
  };
  const story = await liveThrough(outage, service);
  return { ...story, taken: lost };
}

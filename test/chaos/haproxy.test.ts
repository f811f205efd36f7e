import { describe, expect, test, vi } from "vitest";
import { ClientAssertionCredential } from "../../src/index.ts";
import { describeWith } from "../support/optional-part.ts";
import { makePapers, startAuthority } from "./support/authority.ts";
import { startHaproxy } from "./support/haproxy.ts";
import { type Manner, RETRY_AFTER_S } from "./support/haproxy-config.ts";
import { CLIENT, TENANT } from "./support/identity.ts";
import { DUE_AT_ONCE, LIMITS, liveThrough, mostRequests, type Story } from "./support/outage.ts";
import { type Outcome, slowest } from "./support/outcome.ts";
import { HAPROXY } from "./support/parts.ts";
import { CredentialService } from "./support/service.ts";
import { type Stage, together } from "./support/together.ts";

vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });

interface Fault {
  readonly name: string;
  readonly manner: Exclude<Manner, "pass">;
  /** What becomes of callers without a token. */
  readonly cold: Partial<Outcome>;
}

const THROTTLE: Fault = {
  name: "429 with Retry-After",
  manner: "throttle",
  cold: { code: "ERR_TOKEN_ENDPOINT", statusCode: 429 },
};

// On one machine a dropped connection is silent only until the client's kernel speaks again, and is
// told that nobody is there. Lasting silence is for the namespaces (network.test.ts).
const SILENCE = { code: expect.stringMatching(/^ERR_(TIMEOUT|TRANSPORT)$/) };

const FAULTS: readonly Fault[] = [
  THROTTLE,
  {
    name: "503 and HTML",
    manner: "unavailable",
    cold: { code: "ERR_TOKEN_ENDPOINT", statusCode: 503 },
  },
  { name: "a captive portal", manner: "portal", cold: { code: "ERR_MALFORMED_RESPONSE" } },
  { name: "a tarpit", manner: "tarpit", cold: { code: "ERR_TIMEOUT" } },
  { name: "a connection that is forgotten", manner: "silent-drop", cold: SILENCE },
  {
    name: "a connection that is closed",
    manner: "reset",
    cold: { code: "ERR_TRANSPORT", systemCode: "ECONNRESET" },
  },
];

// No circuit breaker, which would hide whether the gate holds.
const GATE_ALONE = { ...LIMITS.resilience, circuitBreaker: false } as const;

// A late timer of a busy machine.
const SLACK_MS = 500;

describeWith(HAPROXY, "chaos with haproxy", () => {
  const storyOf = together(FAULTS, outageOf);

  describe.each(FAULTS)("$name", (fault) => {
    test("every call is served by the token at hand, and none waits", async () => {
      const { during } = await storyOf(fault);

      expect(during).toMatchObject({ calls: 300, rejected: [], waited: 0, tokens: 1 });
    });

    test("a refresh is tried, but not by every call", async () => {
      const { during, requests, reached } = await storyOf(fault);

      expect(requests).toBeGreaterThanOrEqual(2);
      expect(requests).toBeLessThanOrEqual(mostRequests(during));
      expect(reached).toBe(0);
    });

    test("all cold callers get a typed error within the deadline", async () => {
      const { cold } = await storyOf(fault);

      for (const outcome of cold) expect(outcome).toMatchObject({ ...fault.cold, transient: true });
      expect(slowest(cold)).toBeLessThan(LIMITS.resilience.deadlineMs + SLACK_MS);
    });

    test("afterwards a newer token comes by itself, and the cold callers are served", async () => {
      const { during, after, coldAfter } = await storyOf(fault);

      expect(after).toMatchObject({ rejected: [], waited: 0 });
      expect(after.newest).toBeGreaterThan(during.newest);
      expect(coldAfter.code).toBe("served");
    });
  });

  test("a Retry-After that is beyond the deadline is told at once, and keeps the key quiet", async () => {
    const { cold, during, requests } = await storyOf(THROTTLE);
    const askedForMs = RETRY_AFTER_S * 1_000;

    for (const { retryAfterMs } of cold) expect(retryAfterMs).toBeGreaterThan(askedForMs / 2);
    expect(slowest(cold)).toBeLessThan(LIMITS.resilience.attemptTimeoutMs);
    expect(requests).toBeLessThanOrEqual(2 * (1 + Math.floor(during.lastedMs / askedForMs)));
  });
});

interface ProxyStory extends Story {
  /** Requests that came through to the authority during the outage. */
  readonly reached: number;
}

async function outageOf({ manner }: Fault, stage: Stage): Promise<ProxyStory> {
  const papers = await makePapers();
  const authority = stage.use(await startAuthority(papers, DUE_AT_ONCE));
  const haproxy = stage.use(await startHaproxy(authority.url, papers.identity));
  const { ca, authorityHost, assertion } = await papers.accessBy(haproxy.url);
  const options = { authorityHost, tls: { ca }, ...LIMITS, resilience: GATE_ALONE };
  const make = () => new ClientAssertionCredential(TENANT, CLIENT, () => assertion, options);
  const service = stage.use(new CredentialService(make));
  let reached = 0;
  const outage = {
    begin: async () => {
      await haproxy.switchTo(manner);
      authority.resetCounts();
    },
    end: async () => {
      reached = authority.requestCount;
      await haproxy.switchTo("pass");
    },
    requests: haproxy.requests,
  };
  const story = await liveThrough(outage, service);
  return { ...story, reached };
}

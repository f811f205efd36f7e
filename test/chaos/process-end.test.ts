import { describe, expect, test, vi } from "vitest";
import type { LocalAuthority } from "../../src/testing/index.ts";
import type { Fact } from "../real/support/child.ts";
import { describeWith } from "../support/optional-part.ts";
import { type Access, makePapers, startAuthority } from "./support/authority.ts";
import type { AwaitHandover } from "./support/await-handover.ts";
import { type Child, startChild } from "./support/child.ts";
import { type Door, makeDoor } from "./support/door.ts";
import { openNetwork } from "./support/network.ts";
import { startNetworkAuthority } from "./support/network-authority.ts";
import { attempts, countAttempts, NO_NEW_CONNECTION, PORT } from "./support/network-faults.ts";
import type { Outcome } from "./support/outcome.ts";
import { NAMESPACES } from "./support/parts.ts";
import { type Stage, together } from "./support/together.ts";

vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });

const REFRESH_WHEN_TOLD = new URL("./scripts/refresh-when-told.ts", import.meta.url);
const AWAIT_TOKEN = new URL("./scripts/await-token.ts", import.meta.url);

const AT_ONCE_MS = 100;
// A late timer of a busy machine.
const SLACK_MS = 1_000;
// The system's attempt to connect holds the process whatever the socket says, until the transport
// gives it up.
const CONNECT_LIMIT_MS = 5_000;
const NEVER = { status: 200, delayMs: 600_000 };
const CLEAN_END = { exitCode: 0, complaints: "" };

interface Wait {
  /** What ends it. */
  readonly name: string;
  arrange(site: Site): Partial<AwaitHandover>;
  /** What becomes of the call. */
  readonly code: string;
}

const WAITS: readonly Wait[] = [
  {
    name: "the time limit of an assertion that never comes",
    arrange: () => ({ assertion: null, options: { resilience: { assertionTimeoutMs: 200 } } }),
    code: "ERR_ASSERTION_UNAVAILABLE",
  },
  {
    name: "the time limit of a handshake that is never answered",
    arrange: ({ door }) => {
      door.shut();
      return { options: { resilience: { attemptTimeoutMs: 200, maxRetries: 0 } } };
    },
    code: "ERR_TIMEOUT",
  },
  {
    name: "the deadline of the whole",
    arrange: ({ authority }) => {
      authority.respondWith(NEVER);
      return { options: { resilience: { deadlineMs: 200 } } };
    },
    code: "ERR_TIMEOUT",
  },
  {
    name: "the caller's own time limit",
    arrange: ({ authority }) => {
      authority.respondWith(NEVER);
      return { timeoutMs: 200 };
    },
    code: "ERR_TIMEOUT",
  },
  {
    name: "the pause before a retry",
    arrange: ({ authority }) => {
      authority.respondOnce({ status: 503, body: "<html>" });
      return { options: { resilience: { backoffMs: 300 } } };
    },
    code: "served",
  },
  {
    name: "the pause that the authority asked for",
    arrange: ({ authority }) => {
      authority.respondOnce({ status: 429, headers: { "retry-after": "1" }, body: {} });
      return {};
    },
    code: "served",
  },
];

describe("a process lasts until its call is settled, though only unreferenced parts can do it", () => {
  const storyOf = together(WAITS, awaitToken);

  test.each(WAITS)("$name", async (wait) => {
    expect(await storyOf(wait)).toEqual({ code: wait.code, ...CLEAN_END });
  });
});

test("a process ends at once while its refresh waits for a handshake that is never answered", async () => {
  await using site = await openSite();
  await using child = startChild({ script: REFRESH_WHEN_TOLD, handover: site.access });
  await child.hear();
  site.door.shut();
  await refresh(child);
  await vi.waitFor(() => expect(site.door.knocks()).toBe(1));

  const { endedAfterMs } = await end(child);

  expect(endedAfterMs).toBeLessThan(AT_ONCE_MS);
  expect(await child.ended()).toEqual(CLEAN_END);
});

describeWith(
  NAMESPACES,
  "a process whose refresh waits for a connection that is never made",
  () => {
    const storyOf = together<"close" | undefined, Ending>(["close", undefined], endWhileConnecting);

    test("ends at once after close", async () => {
      const { endedAfterMs, ...ending } = await storyOf("close");

      expect(ending).toEqual(CLEAN_END);
      expect(endedAfterMs).toBeLessThan(AT_ONCE_MS);
    });

    test("ends with the attempt to connect when nobody closes the credential (ADR 0002)", async () => {
      const { endedAfterMs, ...ending } = await storyOf(undefined);

      expect(ending).toEqual(CLEAN_END);
      expect(endedAfterMs).toBeLessThan(CONNECT_LIMIT_MS + SLACK_MS);
    });
  },
);

interface Site extends AsyncDisposable {
  readonly authority: LocalAuthority;
  readonly door: Door;
  /** Through the door. */
  readonly access: Access;
}

async function openSite(): Promise<Site> {
  await using stack = new AsyncDisposableStack();
  const papers = await makePapers();
  const authority = stack.use(await startAuthority(papers));
  const door = stack.use(await makeDoor(Number(new URL(authority.url).port)));
  const access = await papers.accessBy(`https://localhost:${door.port}`);
  const all = stack.move();
  return { authority, door, access, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Has a process await one token, and tells what it got and how it ended. */
async function awaitToken({ arrange }: Wait, stage: Stage) {
  const site = stage.use(await openSite());
  const handover = { ...site.access, ...arrange(site) };
  const child = stage.use(startChild({ script: AWAIT_TOKEN, handover }));
  const { code } = await child.hear<Outcome>();
  return { code, ...(await child.ended()) };
}

interface Ending extends Fact {
  readonly exitCode: number | null;
  readonly complaints: string;
}

/** Ends a process whose refresh waits for a connection, in a network that lets none be made. */
async function endWhileConnecting(first: "close" | undefined, stage: Stage): Promise<Ending> {
  const network = stage.use(await openNetwork());
  const { address } = network.authority;
  const papers = await makePapers(address);
  const site = { ...papers, address, port: PORT };
  stage.use(await startNetworkAuthority(network.authority, site));
  const handover = await papers.accessBy(`https://${address}:${PORT}`);
  const { within } = network.service;
  const child = stage.use(startChild({ script: REFRESH_WHEN_TOLD, handover, within }));
  await child.hear();
  await countAttempts(network);
  await NO_NEW_CONNECTION.begin(network);
  await refresh(child);
  await vi.waitFor(async () => expect(await attempts(network)).toBe(1), { timeout: 5_000 });
  const fact = await end(child, first);
  return { ...fact, ...(await child.ended()) };
}

/** Has the script start a refresh behind the token that it is served. */
async function refresh(child: Child): Promise<void> {
  child.tell({});
  await child.hear();
}

/** Lets the script come to its end, after it has closed its credential if so asked. */
function end(child: Child, first?: "close"): Promise<Fact> {
  if (first === "close") child.tell({});
  child.hangUp();
  return child.hear<Fact>();
}

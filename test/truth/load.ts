import type { ResourceMetrics } from "@opentelemetry/sdk-metrics";
import type { RequestRecord } from "../../src/testing/index.ts";
import { turn } from "../endurance/turn.ts";
import { Caller, wish } from "./caller.ts";
import { type Client, ownerOf, sceneFor } from "./clients.ts";
import { Draw } from "./draw.ts";
import { Evictions } from "./evictions.ts";
import { begin, CHAPTERS } from "./faults.ts";
import { Ledger } from "./ledger.ts";
import { type Counts, Tally } from "./tally.ts";
import { Told } from "./told.ts";

/** How much is done. */
export interface LoadPlan {
  readonly calls: number;
  readonly seed: number;
  /** Reads all metrics. */
  readonly collect: () => Promise<ResourceMetrics>;
}

/** What was so, and what telemetry told. */
export interface Loaded {
  readonly ledger: Ledger;
  readonly evictions: Evictions;
  /** The authority's own records. */
  readonly requests: readonly RequestRecord[];
  readonly told: Told;
  /** Usable tokens, as the credentials themselves say. */
  readonly usable: Counts;
}

// More would make the event loop late, and then everything times out.
const MOST_PENDING = 60;
const LARGEST_BURST = 100;

// Who asks where nobody listens gets errors only, and they cost more than tokens.
const STRANDED_SHARE = 0.03;

/** Puts credentials under random calls while their authority suffers one fault after the other. */
export async function load({ calls, seed, collect }: LoadPlan): Promise<Loaded> {
  await using closing = new AsyncDisposableStack();
  closing.use(withoutStacks());
  const draw = new Draw(seed);
  const ledger = new Ledger();
  const evictions = closing.use(new Evictions(ownerOf));
  const { authority, clients, stranded, leaving } = await sceneFor({ ledger, draw, closing });
  const caller = new Caller(ledger);
  const chapters = draw.shuffled(CHAPTERS);

  for (const [index, chapter] of chapters.entries()) {
    begin(chapter, authority);
    const until = Math.round((calls * (index + 1)) / chapters.length);
    while (ledger.calls < until) {
      await caller.settle(MOST_PENDING);
      const client = draw.happens(STRANDED_SHARE) ? stranded : draw.of([...clients, leaving]);
      forgetNowAndThen(client, draw, evictions);
      const burst = Math.min(1 + draw.below(LARGEST_BURST), until - ledger.calls);
      for (let made = 0; made < burst; made += 1) caller.call(client, wish(draw));
    }
    if (index !== Math.floor(chapters.length / 2)) continue;
    // In a turn of its own, so that whoever waits has waited.
    await caller.settle(MOST_PENDING);
    await leaving.credential.close();
  }

  await caller.settle(0);
  // Also those that nobody waits for.
  while (ledger.flightsUnderWay > 0) await turn();
  await turn();
  const looked = await lookedAt([...clients, stranded], collect);
  return { ledger, evictions, requests: authority.requests, ...looked };
}

// Errors come by the thousand, and most of the time would go into their stacks.
function withoutStacks(): Disposable {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  return {
    [Symbol.dispose]: () => {
      Error.stackTraceLimit = stackTraceLimit;
    },
  };
}

function forgetNowAndThen({ subject, credential }: Client, draw: Draw, evictions: Evictions): void {
  if (draw.happens(0.02)) credential.invalidate("https://vault.azure.net/.default");
  if (!draw.happens(0.005)) return;
  evictions.clearing(subject);
  credential.invalidate();
}

// Tokens expire while one looks: until both looks at the caches agree.
async function lookedAt(
  clients: readonly Client[],
  collect: LoadPlan["collect"],
): Promise<Pick<Loaded, "told" | "usable">> {
  const before = usableOf(clients);
  const told = new Told(await collect());
  const usable = usableOf(clients);
  const isSteady = JSON.stringify(before) === JSON.stringify(usable);
  return isSteady ? { told, usable } : lookedAt(clients, collect);
}

function usableOf(clients: readonly Client[]): Counts {
  const tally = new Tally();
  for (const { subject, credential } of clients) {
    tally.add({ "entra.credential.name": subject.name }, credential.health().usableTokens);
  }
  return tally.counts();
}

import type { Fault, LocalAuthority } from "../../testing/index.ts";
import { duration } from "../quantity.ts";
import { AGING_MS, SOON_DUE } from "./aging.ts";
import type { Contender } from "./contender.ts";
import { counted, type Expectation, of } from "./expectation.ts";
import { Lane } from "./lane.ts";
import type { Meter } from "./meter.ts";
import { renewed } from "./renewal.ts";
import type { Stage } from "./stage.ts";

/** A fault under the name by which the report calls it. */
export type NamedFault = readonly [name: string, fault: Fault];

const SCOPE = "https://vault.azure.net/.default";

// A cool-down of 0.65 of the fault leaves room for two refreshes of two attempts each.
const COOL_DOWN_SHARE = 0.65;
const ATTEMPT_SHARE = 0.1;
const REQUESTS_PER_10_S = 5;

// Windows of each lane: enough for a median.
const WINDOWS = 20;
const MAX_RATIO = 2;

/** How the options of those scenarios differ, and why. */
export const STALE_SETUP: string =
  "refresh.coolDownMs at 0.65 and resilience.attemptTimeoutMs at 0.1 of the fault, so that the " +
  "recovery is part of the drill (30 s and 10 s by default)";

/** Tokens that are fresh: no authority is needed for them. */
export async function freshUnder(
  stage: Stage,
  faults: readonly NamedFault[],
): Promise<readonly Expectation[]> {
  const roles = await cast(stage, { faults, hint: { refreshInS: null } });
  const { players, control } = roles;
  for (const { authority, fault } of players) authority.injectFault(fault);
  await loadAll(stage, roles);
  return players.flatMap((player) =>
    of(player.name, [
      ...unnoticed(player.lane, control.lane),
      counted("requests", { seen: player.authority.requestCount, exactly: 0 }),
    ]),
  );
}

/** What renewals meet. */
export interface FailingRenewal {
  readonly faults: readonly NamedFault[];
  /** For how long after a failure nothing is asked, in milliseconds. @defaultValue the cool-down */
  readonly heldMs?: number;
}

/** Tokens that are due for renewal, which fails; beside one whose renewal succeeds. */
export async function staleUnder(
  stage: Stage,
  { faults, heldMs = coolDownMs(stage) }: FailingRenewal,
): Promise<readonly Expectation[]> {
  const roles = await cast(stage, { faults, hint: SOON_DUE });
  const { players, control } = roles;
  await stage.pause(AGING_MS);
  for (const { authority, fault } of players) authority.injectFault(fault);
  await loadAll(stage, roles);
  const requests = players.map(({ authority }) => authority.requestCount);

  for (const { authority } of players) authority.clearFaults();
  const dueMs = renewalDueMs(stage, heldMs);
  const renewals = await Promise.all(
    players.map(({ contender, first, lane }) => {
      const hasCome = lane.meter.tokens > 1;
      return renewed(stage, { contender, scope: SCOPE, old: first, hasCome, dueMs });
    }),
  );
  const most = Math.ceil(REQUESTS_PER_10_S * Math.max(1, stage.seconds / 10));
  return players.flatMap((player, index) =>
    of(player.name, [
      ...unnoticed(player.lane, control.lane),
      counted("requests", { seen: requests[index] ?? 0, atMost: most }),
      ...renewals.slice(index, index + 1),
    ]),
  );
}

interface Role {
  readonly authority: LocalAuthority;
  readonly contender: Contender;
  readonly lane: Lane;
}

interface FaultyRole extends Role {
  readonly name: string;
  readonly fault: Fault;
  /** The token that was there before the fault. */
  readonly first: string;
}

interface Cast {
  readonly players: readonly FaultyRole[];
  readonly control: Role;
}

interface Casting {
  readonly faults: readonly NamedFault[];
  readonly hint: { readonly refreshInS: number | null };
}

async function cast(stage: Stage, { faults, hint }: Casting): Promise<Cast> {
  const players = faults.map(async ([name, fault]) => ({
    name,
    fault,
    ...(await role(stage, hint)),
  }));
  const [control, ...rest] = await Promise.all([role(stage, hint), ...players]);
  return { control, players: rest };
}

async function role(stage: Stage, hint: Casting["hint"]) {
  const authority = await stage.authority(hint);
  const options = {
    refresh: { coolDownMs: coolDownMs(stage), maxCoolDownMs: coolDownMs(stage) },
    resilience: { attemptTimeoutMs: Math.round(ATTEMPT_SHARE * stage.seconds * 1_000) },
  };
  const contender = stage.credential(authority, { options });
  const { token: first } = await contender.getToken(SCOPE);
  // What comes after lasts: a renewal that succeeds is the last one.
  authority.adjust({ refreshInS: null });
  authority.resetCounts();
  return { authority, contender, first, lane: new Lane(contender, SCOPE) };
}

async function loadAll(stage: Stage, { control, players }: Cast): Promise<void> {
  const forMs = stage.seconds * 1_000;
  const lanes = [control, ...players].map(({ lane }) => lane);
  await stage.load(lanes, { forMs, windowMs: forMs / lanes.length / WINDOWS });
}

function unnoticed(lane: Lane, control: Lane): readonly Expectation[] {
  return [
    counted("rejected", { seen: lane.meter.rejections, exactly: 0 }),
    counted("waiting", { seen: lane.waiting, exactly: 0 }),
    slowness(lane.meter, control.meter),
  ];
}

function slowness(meter: Meter, control: Meter): Expectation {
  const ratio = meter.p99Ms / control.p99Ms;
  const seen = `${ratio.toFixed(2)} × (${duration(meter.p99Ms).shown})`;
  return {
    label: "p99",
    expected: `at most ${MAX_RATIO} × without the fault`,
    seen: Number.isNaN(ratio) ? "none, no call was answered" : seen,
    holds: ratio <= MAX_RATIO,
  };
}

function coolDownMs({ seconds }: Stage): number {
  return Math.round(COOL_DOWN_SHARE * seconds * 1_000);
}

// What holds begins with the last failure at the latest: its two attempts, and a second of leeway.
function renewalDueMs({ seconds }: Stage, heldMs: number): number {
  return heldMs + 2 * ATTEMPT_SHARE * seconds * 1_000 + 1_000;
}

import { type RefreshRules, tokenTimes } from "../../../src/domain/token-times.ts";
import { seededChance } from "../seeded-chance.ts";

/** Processes that are started together and renew one token each. */
export interface Fleet {
  readonly processes: number;
  /** Within how long all of them start. */
  readonly startedWithinMs: number;
  readonly lifetimeMs: number;
  /** How many times each renews its token. */
  readonly renewals: number;
  readonly rules: RefreshRules;
  readonly seed: number;
}

/**
 * When the processes renew their tokens, in milliseconds from the start of the first: one list
 * for each lifetime. Each process is busy, so that a token is renewed when it falls due, and the
 * authority answers at once: nothing but the refresh points spreads them.
 */
export function renewalsOf(fleet: Fleet): readonly (readonly number[])[] {
  const { processes, startedWithinMs, lifetimeMs, renewals, rules, seed } = fleet;
  const chance = seededChance(seed);
  let issuedAt = Array.from({ length: processes }, () => chance() * startedWithinMs);
  return Array.from({ length: renewals }, () => {
    issuedAt = issuedAt.map(
      (at) => tokenTimes({ issuedAt: at, lifetimeMs, chance: chance() }, rules).refreshAt,
    );
    return issuedAt;
  });
}

/** How many renewals fall into each bin, from the start on. */
export function binned(renewals: readonly number[], binMs: number): readonly number[] {
  const bins: number[] = [];
  for (const at of renewals) {
    const bin = Math.floor(at / binMs);
    while (bins.length <= bin) bins.push(0);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}

/** The busiest bin, in renewals per second. */
export function peakPerSecond(renewals: readonly number[], binMs: number): number {
  return (Math.max(...binned(renewals, binMs)) * 1_000) / binMs;
}

/** What the authority would see if one lifetime's renewals were spread evenly over the jitter, per second. */
export function evenPerSecond(fleet: Fleet): number {
  return (fleet.processes * 1_000) / jitterWindowMs(fleet);
}

/** How far apart chance may bring the refresh points of tokens that were issued together. */
export function jitterWindowMs({ lifetimeMs, rules }: Fleet): number {
  const refreshAt = (chance: number) =>
    tokenTimes({ issuedAt: 0, lifetimeMs, chance }, rules).refreshAt;
  return refreshAt(0) - refreshAt(1);
}

import { seededChance } from "../endurance/seeded-chance.ts";

/** Chance that repeats itself for the same seed, and the ways to draw on it. */
export class Draw {
  readonly chance: () => number;

  constructor(seed: number) {
    this.chance = seededChance(seed);
  }

  /** Whether something happens that does so this often, 0 to 1. */
  happens(share: number): boolean {
    return this.chance() < share;
  }

  /** A whole number from 0 on, below the limit. */
  below(limit: number): number {
    return Math.floor(this.chance() * limit);
  }

  of<T>(choices: readonly [T, ...T[]]): T {
    const [first] = choices;
    return choices[this.below(choices.length)] ?? first;
  }

  /** The same in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, rank: this.chance() }))
      .sort((one, other) => one.rank - other.rank)
      .map(({ item }) => item);
  }
}

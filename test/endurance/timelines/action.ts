import fc from "fast-check";
import { OTHER_SCOPE, SCOPE } from "../../support/credentials.ts";
import { BARREN_FAULTS } from "../faults/all-faults.ts";

/** What may happen to a credential, in words, so that a counterexample can be read. */
export type Action =
  | { readonly do: "pass"; readonly ms: number }
  | ({ readonly do: "call" } & CallAction)
  | { readonly do: "break"; readonly by: string }
  | {
      readonly do: "heal";
      readonly lifetimeS: number;
      readonly refreshS?: number | undefined;
      readonly latencyMs: number;
    }
  | { readonly do: "suspend" | "set the clock back"; readonly ms: number };

/** A call, or several at once. */
export interface CallAction {
  readonly scopes: string;
  readonly burst: number;
  readonly tenant?: "other" | undefined;
  readonly cae?: boolean | undefined;
  readonly claims?: string | undefined;
  readonly force?: boolean | undefined;
  readonly minimumValidityMs?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly abortAfterMs?: number | undefined;
}

/**
 * What a timeline may hold: callers who take what there is, those who insist as well, those whose
 * tokens of one slot are refused again and again, or all that can happen.
 */
export type Mix = "plain" | "forced" | "challenged" | "everything";

/** The claims that calls may bring. */
export const CHALLENGES = ['{"a":1}', '{"access_token":{"nbf":{"value":"1"}}}'] as const;

/** A life of a credential. */
export interface Timeline {
  readonly mix: Mix;
  /** Of all that the product leaves to chance. */
  readonly seed: number;
  readonly actions: readonly Action[];
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

// Mostly not: a call with every option at once tells little.
const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const passing: fc.Arbitrary<Action> = fc.record({
  do: fc.constant("pass" as const),
  ms: fc.oneof(
    fc.integer({ min: 1, max: 2 * SECOND_MS }),
    fc.integer({ min: 1, max: 40 * SECOND_MS }),
    fc.integer({ min: 1, max: 70 * MINUTE_MS }),
  ),
});

const moments: fc.Arbitrary<Action> = fc.record({
  do: fc.constant("pass" as const),
  ms: fc.integer({ min: 1, max: 4 * SECOND_MS }),
});

const breaking: fc.Arbitrary<Action> = fc.record({
  do: fc.constant("break" as const),
  // A wait of eight minutes would outlast the rest that a timeline ends with.
  by: fc.constantFrom(
    ...BARREN_FAULTS.filter(({ restMs = 0 }) => restMs < 8 * MINUTE_MS).map(({ name }) => name),
  ),
});

const healing: fc.Arbitrary<Action> = fc.record({
  do: fc.constant("heal" as const),
  lifetimeS: fc.constantFrom(2, 60, 300, 3_600, 86_400),
  refreshS: maybe(fc.integer({ min: 1, max: 4_000 })),
  latencyMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 12 * SECOND_MS })),
});

const jumping: fc.Arbitrary<Action> = fc.record({
  do: fc.constantFrom("suspend" as const, "set the clock back" as const),
  ms: fc.integer({ min: 2 * SECOND_MS, max: 90 * MINUTE_MS }),
});

// Between an authority that is slow and one that is not, challenges overtake what they challenge.
const challenging: fc.Arbitrary<Action> = fc.record({
  do: fc.constant("call" as const),
  scopes: fc.constant(SCOPE),
  burst: fc.constant(1),
  claims: fc.constantFrom(undefined, undefined, ...CHALLENGES),
  minimumValidityMs: maybe(fc.constant(70 * MINUTE_MS)),
});

function calling(mix: Mix): fc.Arbitrary<Action> {
  if (mix === "challenged") return challenging;
  return fc.record(
    {
      do: fc.constant("call" as const),
      scopes: fc.constantFrom(SCOPE, OTHER_SCOPE, `${SCOPE} ${OTHER_SCOPE}`),
      burst: fc.constantFrom(1, 1, 3, 20),
      tenant: maybe(fc.constant("other" as const)),
      cae: maybe(fc.boolean()),
      claims: mix === "everything" ? maybe(fc.constantFrom(...CHALLENGES)) : fc.constant(undefined),
      force: mix === "plain" ? fc.constant(undefined) : maybe(fc.boolean()),
      minimumValidityMs: maybe(fc.integer({ min: 0, max: 70 * MINUTE_MS })),
      timeoutMs: maybe(fc.integer({ min: 1, max: 40 * SECOND_MS })),
      abortAfterMs: maybe(fc.integer({ min: 0, max: 40 * SECOND_MS })),
    },
    { requiredKeys: ["do", "scopes", "burst"] },
  );
}

function actionsOf(mix: Mix): fc.Arbitrary<readonly Action[]> {
  const isOvertaking = mix === "challenged";
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: calling(mix) },
      { weight: isOvertaking ? 1 : 5, arbitrary: passing },
      { weight: isOvertaking ? 4 : 0, arbitrary: moments },
      { weight: isOvertaking ? 1 : 3, arbitrary: breaking },
      { weight: isOvertaking ? 5 : 2, arbitrary: healing },
      { weight: mix === "everything" ? 1 : 0, arbitrary: jumping },
    ),
    { minLength: 1, maxLength: 40, size: "max" },
  );
}

/** Random lives. */
export function timelines(mix: Mix): fc.Arbitrary<Timeline> {
  return fc.record({
    mix: fc.constant(mix),
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    actions: actionsOf(mix),
  });
}

import { AGING_MS, SOON_DUE } from "../aging.ts";
import { type Answer, answersTo, differentTokens, longestMs, refusals } from "../answer.ts";
import { askAgain } from "../ask-again.ts";
import { counted, type Expectation, lasted } from "../expectation.ts";
import type { Scenario } from "../scenario.ts";
import { untilExpiry } from "./until-expiry.ts";

const SCOPE = "https://management.azure.com/.default";

const HIT_MS = 100;

/** Tokens that are renewed while they are used. */
export const REFRESH: readonly Scenario[] = [
  {
    name: "slow-refresh",
    promise:
      "M2: when the token is due and the authority takes two seconds, twenty callers wait for nothing.",
    runs: "beside others",
    run: async (stage) => {
      const authority = await stage.authority(SOON_DUE);
      const credential = stage.credential(authority);
      await credential.getToken(SCOPE);
      await stage.pause(AGING_MS);
      authority.adjust({ latencyMs: 2_000, refreshInS: null });
      authority.resetCounts();

      const answers = await answersTo(20, () => credential.getToken(SCOPE));
      await stage.pause(2_500);

      return [
        ...unnoticed(answers),
        counted("requests", { seen: authority.requestCount, exactly: 1 }),
      ];
    },
  },
  {
    name: "one-503",
    promise: "M3: a renewal that meets one 503 is noticed by nobody, then or later.",
    runs: "beside others",
    run: async (stage) => {
      const authority = await stage.authority(SOON_DUE);
      const credential = stage.credential(authority);
      await credential.getToken(SCOPE);
      await stage.pause(AGING_MS);
      authority.adjust({ refreshInS: null });
      authority.resetCounts();
      authority.respondOnce({ status: 503, body: { error: "temporarily_unavailable" } });

      const answers = await askAgain(stage, {
        call: () => credential.getToken(SCOPE),
        forMs: 2_000,
        everyMs: 50,
      });

      return [
        ...unnoticed(answers),
        counted("requests", { seen: authority.requestCount, atMost: 2 }),
      ];
    },
  },
  {
    name: "short-lifetime",
    promise: "M10: a token of 250 seconds is served from the cache: ten calls, one request.",
    runs: "beside others",
    run: async (stage) => {
      const authority = await stage.authority({ accessTokenLifetimeS: 250 });
      const credential = stage.credential(authority);
      const answers: Answer[] = [];

      for (let call = 0; call < 10; call += 1) {
        answers.push(...(await answersTo(1, () => credential.getToken(SCOPE))));
      }

      return [
        counted("different tokens", { seen: differentTokens(answers), exactly: 1 }),
        counted("requests", { seen: authority.requestCount, exactly: 1 }),
      ];
    },
  },
  {
    name: "last-five-minutes",
    promise: "M11: with 299 seconds left and an authority that answers 503, callers get the token.",
    runs: "beside others",
    run: async (stage) => {
      const authority = await stage.authority({ accessTokenLifetimeS: 300, ...SOON_DUE });
      const credential = stage.credential(authority);
      await credential.getToken(SCOPE);
      await stage.pause(AGING_MS);
      authority.injectFault({ kind: "outage" });

      const answers = await askAgain(stage, {
        call: () => credential.getToken(SCOPE),
        forMs: 1_000,
        everyMs: 50,
      });

      return unnoticed(answers);
    },
  },
  {
    name: "expiring-authority-hangs",
    promise:
      "With the token about to expire and an authority that hangs, each caller has the token in time, " +
      "after a third of what it has left at most.",
    runs: "beside others",
    notCompared: "it takes twenty seconds, more than the incumbent is given",
    run: untilExpiry,
  },
];

function unnoticed(answers: readonly Answer[]): readonly Expectation[] {
  return [
    counted("rejected", { seen: refusals(answers).length, exactly: 0 }),
    lasted("longest wait", { seenMs: longestMs(answers), atMost: HIT_MS }),
  ];
}

import { answersTo, differentTokens, refusals } from "../answer.ts";
import { counted } from "../expectation.ts";
import type { Scenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const SCOPE = "https://storage.azure.com/.default";
const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1735689600"}}}';

/** Many who want the same. */
export const CROWDS: readonly Scenario[] = [
  {
    name: "cold-crowd",
    promise: "M1: fifty callers who want the same new token share one request.",
    runs: "beside others",
    run: (stage) => crowd(stage, 50),
  },
  {
    name: "cold-ten-thousand",
    promise: "M1: and so do ten thousand.",
    runs: "beside others",
    notCompared: "the incumbent's 10,000 requests take minutes and more than a gigabyte",
    run: (stage) => crowd(stage, 10_000),
  },
  {
    name: "same-claims",
    promise: "M7: the same claims, five times within five seconds, are one request.",
    runs: "beside others",
    run: async (stage) => {
      const authority = await stage.authority();
      const credential = stage.credential(authority);
      await credential.getToken(SCOPE);
      authority.resetCounts();

      const answers = [];
      for (let call = 0; call < 5; call += 1) {
        answers.push(...(await answersTo(1, () => credential.getToken(SCOPE, { claims: CLAIMS }))));
      }

      return [
        counted("rejected", { seen: refusals(answers).length, exactly: 0 }),
        counted("requests", { seen: authority.requestCount, exactly: 1 }),
      ];
    },
  },
  {
    name: "throttled-crowd",
    promise:
      "M8: fifty callers who are throttled, with a Retry-After of a second, stay within the retry budget.",
    runs: "beside others",
    run: async (stage) => {
      const authority = await stage.authority();
      const credential = stage.credential(authority);
      authority.injectFault({ kind: "throttle", retryAfterS: 1 });

      const answers = await answersTo(50, () => credential.getToken(SCOPE));

      return [
        counted("rejected", { seen: refusals(answers).length, exactly: 50 }),
        counted("requests", { seen: authority.requestCount, atMost: 4 }),
      ];
    },
  },
];

async function crowd(stage: Stage, callers: number) {
  const authority = await stage.authority({ latencyMs: 100 });
  const credential = stage.credential(authority);

  const answers = await answersTo(callers, () => credential.getToken(SCOPE));

  return [
    counted("rejected", { seen: refusals(answers).length, exactly: 0 }),
    counted("different tokens", { seen: differentTokens(answers), exactly: 1 }),
    counted("requests", { seen: authority.requestCount, exactly: 1 }),
    counted("assertions", { seen: credential.assertions(), exactly: 1 }),
  ];
}

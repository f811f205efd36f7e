import { type Answer, answersTo, answerTo, longestMs } from "../answer.ts";
import { errorCode } from "../error-code.ts";
import { type Expectation, lasted, named, of } from "../expectation.ts";
import type { Scenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const SCOPE = "https://vault.azure.net/.default";

/** Callers and callbacks that have a limit. */
export const IMPATIENCE: readonly Scenario[] = [
  {
    name: "abort-and-timeout",
    promise: "M4: an abort, or a timeout of the caller's own, ends that call at once.",
    runs: "beside others",
    run: async (stage) => {
      const authority = await stage.authority({ latencyMs: 2_000 });
      const credential = stage.credential(authority);
      const abortSignal = AbortSignal.timeout(50);

      const [aborted, timedOut] = await Promise.all([
        answerTo(() => credential.getToken(SCOPE, { abortSignal })),
        answerTo(() => credential.getToken(SCOPE, { requestOptions: { timeout: 50 } })),
      ]);

      return [
        ...of("abort after 50 ms", rejected(aborted, "AbortError")),
        ...of("timeout of 50 ms", rejected(timedOut, "ERR_TIMEOUT")),
      ];
    },
  },
  {
    name: "silent-assertion",
    promise:
      "M5: an assertion callback that never settles ends in a typed error, and not in a call that hangs.",
    setup: "resilience.assertionTimeoutMs at 500 ms (10 s by default)",
    runs: "beside others",
    run: (stage) => silentAssertion(stage),
  },
];

function rejected(answer: Answer, code: string): readonly Expectation[] {
  return [
    named("error", { expected: code, seen: outcomeOf(answer) }),
    lasted("after", { seenMs: answer.tookMs, atMost: 250 }),
  ];
}

async function silentAssertion(stage: Stage): Promise<readonly Expectation[]> {
  const authority = await stage.authority();
  const credential = stage.credential(authority, {
    getAssertion: () => new Promise(() => {}),
    options: { resilience: { assertionTimeoutMs: 500 } },
  });

  const answers = await answersTo(10, () => credential.getToken(SCOPE));

  return [
    named("errors of ten callers", {
      expected: "ERR_ASSERTION_UNAVAILABLE",
      seen: [...new Set(answers.map(outcomeOf))].join(", "),
    }),
    lasted("longest wait", { seenMs: longestMs(answers), atMost: 1_000 }),
  ];
}

function outcomeOf(answer: Answer): string {
  return "token" in answer ? "none, a token" : errorCode(answer.error);
}

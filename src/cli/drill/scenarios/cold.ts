import { answersTo, answerTo, longestMs, refusals } from "../answer.ts";
import { askAgain } from "../ask-again.ts";
import { errorCode } from "../error-code.ts";
import { counted, type Expectation, lasted, named } from "../expectation.ts";
import type { Scenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const SCOPE = "https://database.windows.net/.default";
const DEADLINE_MS = 2_000;
const LEEWAY_MS = 400;

/** No token yet, and an authority that gives none. */
export const COLD: readonly Scenario[] = [
  {
    name: "reset-each-try",
    promise:
      "M9: when each try is reset, the error names the system's own code, after few requests.",
    runs: "beside others",
    run: async (stage) => {
      const authority = await stage.authority();
      const credential = stage.credential(authority);
      authority.injectFault({ kind: "reset", when: "after-request" });

      const answer = await answerTo(() => credential.getToken(SCOPE));

      const error: unknown = "error" in answer ? answer.error : undefined;
      const systemCode =
        error instanceof Error && "systemCode" in error ? String(error.systemCode) : "none";
      return [
        named("error", { expected: "ERR_TRANSPORT", seen: errorCode(error) }),
        named("system code", { expected: "ECONNRESET", seen: systemCode }),
        counted("requests", { seen: authority.requestCount, atMost: 4 }),
      ];
    },
  },
  {
    name: "cold-authority-hangs",
    promise:
      "With no token and an authority that hangs, callers get a typed error at the deadline, and who " +
      "aborts is gone at once.",
    setup: "resilience.deadlineMs at 2 s (30 s by default)",
    runs: "beside others",
    run: authorityHangs,
  },
  {
    name: "cold-all-leave",
    promise:
      "When all callers have left, the request is destroyed, and the authority sees the socket close.",
    runs: "beside others",
    run: allLeave,
  },
  {
    name: "cold-invalid-client",
    promise:
      "An authority that refuses the client is not asked again and again: 5,000 calls, two requests at most.",
    runs: "beside others",
    run: async (stage) => {
      const authority = await stage.authority();
      const credential = stage.credential(authority);
      authority.injectFault({ kind: "refusal", error: "invalid_client" });

      const call = () => credential.getToken(SCOPE);
      const answers = await askAgain(stage, { call, forMs: 5_000, everyMs: 10, callers: 10 });

      return [
        counted("calls", { seen: answers.length, exactly: 5_000 }),
        counted("rejected", { seen: refusals(answers).length, exactly: answers.length }),
        counted("requests", { seen: authority.requestCount, atMost: 2 }),
      ];
    },
  },
];

async function authorityHangs(stage: Stage): Promise<readonly Expectation[]> {
  const authority = await stage.authority();
  const options = { resilience: { deadlineMs: DEADLINE_MS } };
  const credential = stage.credential(authority, { options });
  authority.injectFault({ kind: "hang" });
  const abortSignal = AbortSignal.timeout(200);

  const [leaver, ...answers] = await Promise.all([
    answerTo(() => credential.getToken(SCOPE, { abortSignal })),
    ...Array.from({ length: 20 }, () => answerTo(() => credential.getToken(SCOPE))),
  ]);

  const codes = refusals(answers).map(({ error }) => errorCode(error));
  return [
    lasted("whoever aborts after 200 ms is gone after", { seenMs: leaver.tookMs, atMost: 400 }),
    named("errors of the others", {
      expected: "ERR_TIMEOUT",
      seen: [...new Set(codes)].join(", "),
    }),
    lasted("longest wait", { seenMs: longestMs(answers), atMost: DEADLINE_MS + LEEWAY_MS }),
  ];
}

async function allLeave(stage: Stage): Promise<readonly Expectation[]> {
  const authority = await stage.authority();
  const credential = stage.credential(authority);
  authority.injectFault({ kind: "hang" });
  const abortSignal = AbortSignal.timeout(1_000);

  const leaving = answersTo(20, () => credential.getToken(SCOPE, { abortSignal }));
  await stage.pause(700);
  const openBefore = authority.openRequests;
  await leaving;
  await stage.pause(200);

  return [
    counted("requests under way", { seen: openBefore, exactly: 1 }),
    counted("200 ms after all have left", { seen: authority.openRequests, exactly: 0 }),
  ];
}

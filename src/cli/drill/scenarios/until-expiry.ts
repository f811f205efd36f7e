import type { AccessToken } from "@azure/core-auth";
import { type Answer, answerTo } from "../answer.ts";
import type { Contender } from "../contender.ts";
import { counted, type Expectation, lasted } from "../expectation.ts";
import type { Stage } from "../stage.ts";

const SCOPE = "https://graph.microsoft.com/.default";

// The last tenth of a lifetime is when callers wait for a newer token: two seconds of these.
const LIFETIME_S = 20;
const FIRST_CALL_MS = 17_000;
const EVERY_MS = 50;
// A call that is begun so late may find the token expired.
const NO_MORE_MS = 50;
// Timers of a busy machine are late.
const LEEWAY_MS = 150;

/** Calls made in the last three seconds of a token while the authority hangs. */
export async function untilExpiry(stage: Stage): Promise<readonly Expectation[]> {
  const authority = await stage.authority({ accessTokenLifetimeS: LIFETIME_S });
  const credential = stage.credential(authority);
  const token = await credential.getToken(SCOPE);
  authority.injectFault({ kind: "hang" });
  await stage.pause(FIRST_CALL_MS);

  const calls = await Promise.all(await callUntilExpiry(stage, credential, token));

  const served = calls.filter(({ answer, leftMs }) => "token" in answer && answer.tookMs < leftMs);
  const excessMs = calls.map(({ answer, leftMs }) => answer.tookMs - leftMs / 3);
  return [
    counted("calls", { seen: calls.length, atLeast: 20 }),
    counted("calls without the token in time", { seen: calls.length - served.length, exactly: 0 }),
    lasted("longest wait beyond a third of what was left", {
      seenMs: Math.max(0, ...excessMs),
      atMost: LEEWAY_MS,
    }),
  ];
}

interface TimedCall {
  readonly answer: Answer;
  /** What the token had left when the call was made. */
  readonly leftMs: number;
}

async function callUntilExpiry(
  stage: Stage,
  credential: Contender,
  { expiresOnTimestamp }: AccessToken,
): Promise<readonly Promise<TimedCall>[]> {
  const calls: Promise<TimedCall>[] = [];
  for (;;) {
    const leftMs = expiresOnTimestamp - Date.now();
    if (leftMs < NO_MORE_MS) return calls;
    calls.push(answerTo(() => credential.getToken(SCOPE)).then((answer) => ({ answer, leftMs })));
    stage.made(1);
    await stage.pause(EVERY_MS);
  }
}

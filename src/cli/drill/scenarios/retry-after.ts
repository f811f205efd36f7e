import { answerTo, refusals } from "../answer.ts";
import { counted, type Expectation, lasted } from "../expectation.ts";
import type { Scenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const SCOPES = ["https://vault.azure.net/.default", "https://storage.azure.com/.default"];
const RETRY_AFTER_S = 7;
const LAST_CALL_MS = 6_500;

/** The authority says when it wants to be asked again. */
export const RETRY_AFTER: readonly Scenario[] = [
  {
    name: "retry-after-seconds",
    promise:
      "After a 429 with Retry-After: 7 nothing is sent for seven seconds, for any scope of the tenant.",
    runs: "beside others",
    run: (stage) => throttled(stage, "seconds"),
  },
  {
    name: "retry-after-date",
    promise: "And the same with the date that is seven seconds ahead.",
    runs: "beside others",
    run: (stage) => throttled(stage, "date"),
  },
];

async function throttled(stage: Stage, form: "seconds" | "date"): Promise<readonly Expectation[]> {
  const authority = await stage.authority();
  const credential = stage.credential(authority);
  const ended = authority.injectFault({ kind: "throttle", retryAfterS: RETRY_AFTER_S, form });
  const [scope = "", other = ""] = SCOPES;

  const first = answerTo(() => credential.getToken(scope));
  await stage.pause(300);
  ended();
  const others = [];
  for (let waitedMs = 300; waitedMs < LAST_CALL_MS; waitedMs += 100) {
    others.push(answerTo(() => credential.getToken(other)));
    await stage.pause(100);
  }
  const patient = await first;
  await Promise.all(others);

  const [begin = Number.NaN, next = Number.NaN] = authority.requests.map(({ at }) => at);
  return [
    lasted("second request", {
      seenMs: next - begin,
      atLeast: RETRY_AFTER_S * 1_000,
    }),
    counted("rejected of those who waited", { seen: refusals([patient]).length, exactly: 0 }),
  ];
}

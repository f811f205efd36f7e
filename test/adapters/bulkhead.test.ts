import { expect, test } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { hang, stack } from "../support/policy-stack.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

test("6.5 32 requests run at once, and the rest wait outside the attempt timeout", async () => {
  const { run } = stack({ attemptTimeoutMs: 1_000 });
  let underWay = 0;
  let most = 0;
  const post = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setTimeout(resolve, 900));
    underWay -= 1;
    return "token";
  };

  const all = Promise.all(times(100, () => run(({ guard }) => guard(post))));
  await clock.advance({ seconds: 4 });

  expect(await all).toHaveLength(100);
  expect(most).toBe(32);
});

test("6.5 what was given up leaves its place, under way or waiting", async () => {
  const { run } = stack();
  const abort = new AbortController();
  const given = times(50, () =>
    rejection(run(({ guard }) => guard(hang), { signal: abort.signal })),
  );
  await clock.advance({ ms: 0 });

  abort.abort(new Error("left"));
  await Promise.all(given);
  await clock.advance({ ms: 0 });

  const all = await Promise.all(times(40, () => run(({ guard }) => guard(async () => "token"))));
  expect(all).toHaveLength(40);
});

test("6.5 a queue that is full is told at once, and not asked again", async () => {
  const { run } = stack({ maxRetries: 3, bulkhead: { concurrent: 1, queued: 0 } });
  void rejection(run(({ guard }) => guard(hang)));
  await clock.advance({ ms: 0 });

  // The clock stands still: a retry would never come.
  const error = await rejection(run(({ guard }) => guard(async () => "token")));

  expect(error).toMatchObject({ systemCode: "QUEUE_FULL", transient: true });
});

test("6.5 a transport that is deaf to its signal gives its place back all the same", async () => {
  const { run } = stack({
    attemptTimeoutMs: Number.POSITIVE_INFINITY,
    deadlineMs: 1_000,
    bulkhead: { concurrent: 1, queued: 10 },
  });
  const deaf = rejection(run(({ guard }) => guard(() => new Promise<never>(() => {}))));

  await clock.advance({ seconds: 1 });

  expect(await deaf).toMatchObject({ budget: "deadline" });
  expect(await run(({ guard }) => guard(async () => "token"))).toBe("token");
});

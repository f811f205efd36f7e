import { expect, test, vi } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { hang, refused, reset, stack } from "../support/policy-stack.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

/** A request of 100 ms, and how many of it were under way at most in each tenth of a second. */
function counted() {
  const peaks: number[] = [];
  let underWay = 0;
  const startedAt = Date.now();
  const post = async (): Promise<string> => {
    underWay += 1;
    const tenth = Math.floor((Date.now() - startedAt) / 100);
    peaks[tenth] = Math.max(peaks[tenth] ?? 0, underWay);
    await new Promise((resolve) => setTimeout(resolve, 100));
    underWay -= 1;
    return "token";
  };
  return { post, peaks };
}

async function opened(rules: Parameters<typeof stack>[0] = {}) {
  const policies = stack(rules);
  await policies.fail(reset);
  await policies.fail(reset);
  await clock.advance({ seconds: 10 });
  return policies;
}

test("6.6 an authority that is back gets twice as many requests at once per round trip", async () => {
  const { run } = await opened();
  await run(({ guard }) => guard(async () => "token"));
  const { post, peaks } = counted();

  const all = Promise.all(times(200, () => run(({ guard }) => guard(post))));
  await clock.advance({ seconds: 3 });
  await all;

  expect(peaks.slice(0, 6)).toEqual([2, 4, 8, 16, 32, 32]);
});

test("6.6 a failure while it recovers halves what it gets", async () => {
  const { run, fail } = await opened({ circuitBreaker: { failures: 2, openMs: 10_000 } });
  for (const _ of times(7, () => 0)) await run(({ guard }) => guard(async () => "token"));
  await fail(reset);
  const { post, peaks } = counted();

  const all = Promise.all(times(50, () => run(({ guard }) => guard(post))));
  await clock.advance({ seconds: 3 });
  await all;

  expect(peaks[0]).toBe(4);
});

test("6.6 a refusal is an answer to the ramp as well", async () => {
  const { run, fail } = await opened();
  for (const _ of times(40, () => 0)) await fail(refused);
  const { post, peaks } = counted();

  const all = Promise.all(times(60, () => run(({ guard }) => guard(post))));
  await clock.advance({ seconds: 1 });
  await all;

  expect(peaks[0]).toBe(32);
});

test("6.6 what waits for its turn when the circuit opens is told at once", async () => {
  const { run, fail } = stack({ circuitBreaker: { failures: 1, openMs: 10_000 } });
  await fail(reset);
  await clock.advance({ seconds: 10 });
  for (const _ of times(3, () => 0)) await run(({ guard }) => guard(async () => "token"));
  for (const _ of times(3, () => 0)) void rejection(run(({ guard }) => guard(hang)));
  const failing = Promise.withResolvers<never>();
  const failed = rejection(run(({ guard }) => guard(() => failing.promise)));
  const post = vi.fn(async () => "token");
  const waiting = times(50, () => rejection(run(({ guard }) => guard(post))));
  await clock.advance({ ms: 0 });

  failing.reject(reset());
  await failed;

  expect(await Promise.all(waiting)).toEqual(
    times(50, () => expect.objectContaining({ code: "ERR_CIRCUIT_OPEN" })),
  );
  expect(post).not.toHaveBeenCalled();
});

test("6.6 requests that fail together halve it once", async () => {
  const { run, fail } = await opened({ circuitBreaker: { failures: 2, openMs: 10_000 } });
  for (const _ of times(15, () => 0)) await run(({ guard }) => guard(async () => "token"));
  await Promise.all(times(16, () => fail(reset)));
  const { post, peaks } = counted();

  const all = Promise.all(times(50, () => run(({ guard }) => guard(post))));
  await clock.advance({ seconds: 3 });
  await all;

  expect(peaks[0]).toBe(8);
});

test("6.6 what hung before the outage takes no place from what comes after it", async () => {
  const { run, fail } = stack({ circuitBreaker: { failures: 2, openMs: 1_000 } });
  for (const _ of times(3, () => 0)) void rejection(run(({ guard }) => guard(hang)));
  await fail(reset);
  await fail(reset);
  await clock.advance({ ms: 1_100 });
  await run(({ guard }) => guard(async () => "probe"));

  // The clock stands still: whoever waited for those that hang would never come back.
  expect(await run(({ guard }) => guard(async () => "token"))).toBe("token");
});

test("6.6 an authority that goes on failing now and then gets what any other gets, half a minute later", async () => {
  const { run, fail } = await opened({ circuitBreaker: { failures: 2, openMs: 10_000 } });
  await run(({ guard }) => guard(async () => "token"));
  await fail(reset);
  await clock.advance({ seconds: 30 });
  const { post, peaks } = counted();

  const all = Promise.all(times(50, () => run(({ guard }) => guard(post))));
  await clock.advance({ seconds: 1 });
  await all;

  expect(peaks[0]).toBe(32);
});

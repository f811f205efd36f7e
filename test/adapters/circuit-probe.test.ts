import { expect, test, vi } from "vitest";
import { AssertionUnavailableError } from "../../src/domain/errors.ts";
import { useFakeClock } from "../support/clock.ts";
import { hang, refused, reset, stack } from "../support/policy-stack.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

test("an abort of the probe does not close the circuit", async () => {
  const { run, fail, states } = stack();
  await fail(reset);
  await fail(reset);
  await clock.advance({ seconds: 10 });
  const abort = new AbortController();
  const probe = rejection(run(({ guard }) => guard(hang), { signal: abort.signal }));
  await clock.advance({ ms: 0 });

  abort.abort(new Error("left"));
  await probe;
  await clock.advance({ ms: 0 });

  expect(states).toEqual(["open", "half_open", "open"]);
});

test("an assertion that fails while the circuit is half open is not its verdict", async () => {
  const { run, fail, states } = stack();
  await fail(reset);
  await fail(reset);
  await clock.advance({ seconds: 10 });

  await rejection(run(() => Promise.reject(new AssertionUnavailableError("closed"))));

  expect(states).toEqual(["open"]);
  await run(({ guard }) => guard(async () => "token"));
  expect(states).toEqual(["open", "half_open", "closed"]);
});

test("a refusal is an answer and closes a half-open circuit", async () => {
  const { fail, states } = stack();
  await fail(reset);
  await fail(reset);
  await clock.advance({ seconds: 10 });

  await fail(refused);

  expect(states).toEqual(["open", "half_open", "closed"]);
});

test("a probe that the deadline cuts off does not close the circuit", async () => {
  const { run, fail, states } = stack({ deadlineMs: 5_000 });
  await fail(reset);
  await fail(reset);
  await clock.advance({ seconds: 10 });

  const call = rejection(run(({ guard }) => guard(hang)));
  await clock.advance({ seconds: 5 });

  expect(await call).toMatchObject({ code: "ERR_TIMEOUT", budget: "deadline" });
  await clock.advance({ ms: 0 });
  expect(states).toEqual(["open", "half_open", "open"]);
});

test("whoever comes while a probe is under way is refused, not queued behind it", async () => {
  const { run, fail } = stack();
  await fail(reset);
  await fail(reset);
  await clock.advance({ seconds: 10 });
  const probed = Promise.withResolvers<string>();
  const probe = run(({ guard }) => guard(() => probed.promise));
  const post = vi.fn(async () => "token");

  const others = await Promise.all(times(100, () => rejection(run(({ guard }) => guard(post)))));
  probed.resolve("token");

  expect(others).toEqual(times(100, () => expect.objectContaining({ code: "ERR_CIRCUIT_OPEN" })));
  expect(post).not.toHaveBeenCalled();
  expect(await probe).toBe("token");
});

test("a probe that its caller gave up is no verdict: the next one may try at once", async () => {
  const { run, fail } = stack();
  await fail(reset);
  await fail(reset);
  await clock.advance({ seconds: 10 });
  const abort = new AbortController();
  const probe = rejection(run(({ guard }) => guard(hang), { signal: abort.signal }));
  await clock.advance({ ms: 0 });
  abort.abort(new Error("left"));
  await probe;

  expect(await run(({ guard }) => guard(async () => "token"))).toBe("token");
});

test("6.6 a probe that is never answered keeps nobody from trying when the next is due", async () => {
  const { run, fail } = stack({
    deadlineMs: Number.POSITIVE_INFINITY,
    attemptTimeoutMs: Number.POSITIVE_INFINITY,
  });
  await fail(reset);
  await fail(reset);
  await clock.advance({ seconds: 10 });
  void rejection(run(({ guard }) => guard(hang)));
  await clock.advance({ ms: 9_999 });
  expect(await fail(reset)).toMatchObject({ code: "ERR_CIRCUIT_OPEN" });

  await clock.advance({ ms: 1 });

  expect(await run(({ guard }) => guard(async () => "token"))).toBe("token");
});

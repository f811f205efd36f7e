import { expect, test, vi } from "vitest";
import type { Attempt } from "../../src/core/ports.ts";
import {
  AssertionUnavailableError,
  TokenEndpointError,
  TransportError,
} from "../../src/domain/errors.ts";
import { useFakeClock } from "../support/clock.ts";
import { hang, refused, reset, stack } from "../support/policy-stack.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

test("aborts never open the circuit", async () => {
  const { run, states } = stack();
  for (const _ of times(5, () => 0)) {
    const abort = new AbortController();
    const call = rejection(run(({ guard }) => guard(hang), { signal: abort.signal }));
    await clock.advance({ ms: 0 });
    abort.abort(new Error("left"));
    await call;
  }

  expect(states).toEqual([]);
});

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

test("a failed assertion between two failures neither opens nor resets anything", async () => {
  const { run, fail, states } = stack();
  await fail(reset);
  await rejection(run(() => Promise.reject(new AssertionUnavailableError("closed"))));
  expect(states).toEqual([]);

  await fail(reset);

  expect(states).toEqual(["open"]);
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

test("an open circuit is not retried: it says so at once", async () => {
  const { run, fail } = stack({ maxRetries: 3, circuitBreaker: { failures: 1, openMs: 60_000 } });
  void fail(reset);
  await clock.advance({ seconds: 1 });
  const operation = vi.fn(({ guard }: Attempt) => guard(async () => "token"));

  const error = await rejection(run(operation));

  expect(error).toMatchObject({ code: "ERR_CIRCUIT_OPEN", cause: { systemCode: "ECONNRESET" } });
  // Not even begun, so that no assertion is made in vain.
  expect(operation).not.toHaveBeenCalled();
});

test("each origin has a circuit of its own", async () => {
  const { run, fail } = stack();
  await fail(reset);
  await fail(reset);

  const other = run(({ guard }) => guard(async () => "token"), { origin: "https://b.example" });

  expect(await other).toBe("token");
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
  await clock.advance({ ms: 0 });

  expect(await run(({ guard }) => guard(async () => "token"))).toBe("token");
});

test("requests that fail together are one failure in a row", async () => {
  const { fail, states } = stack();

  await Promise.all(times(10, () => fail(reset)));

  expect(states).toEqual([]);
});

test("a refusal between failures ends the row", async () => {
  const { fail, states } = stack();
  await fail(reset);
  await fail(refused);
  await fail(reset);

  expect(states).toEqual([]);
});

test("a status of 500 and above is a failure, whichever it is", async () => {
  const { fail, states } = stack();
  const odd = () =>
    new TokenEndpointError("odd", {
      statusCode: 520,
      errorResponse: { error: "unknown_error", errorDescription: "" },
    });

  await fail(odd);
  await fail(odd);

  expect(states).toEqual(["open"]);
});

test("neither a stale connection nor this machine's own shortage counts", async () => {
  const { fail, states } = stack();
  const stale = () =>
    new TransportError("stale", { systemCode: "ECONNRESET", staleConnection: true });
  const short = () => new TransportError("short", { systemCode: "EMFILE" });

  for (const error of [stale, short, stale, short]) {
    const failing = fail(error);
    await clock.advance({ ms: 1 });
    await failing;
  }

  expect(states).toEqual([]);
});

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

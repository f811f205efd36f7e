import { expect, test, vi } from "vitest";
import type { Attempt } from "../../src/core/ports.ts";
import { TransportError } from "../../src/domain/errors.ts";
import { useFakeClock } from "../support/clock.ts";
import { hang, reset, stack } from "../support/policy-stack.ts";
import { rejection } from "../support/rejection.ts";

const clock = useFakeClock();

test("an abort from outside is told as such, not as a timeout", async () => {
  const { run } = stack();
  const abort = new AbortController();
  const reason = new Error("the last caller left");
  const call = rejection(run(({ guard }) => guard(hang), { signal: abort.signal }));

  abort.abort(reason);

  expect(await call).toBe(reason);
});

test("maxRetries 3 makes four attempts, and a circuit that is switched off stays closed", async () => {
  const { run, states } = stack({ maxRetries: 3, circuitBreaker: false });
  const post = vi.fn(() => Promise.reject(reset()));

  const call = rejection(run(({ guard }) => guard(post)));
  await clock.advance({ seconds: 20 });

  expect(await call).toMatchObject({ systemCode: "ECONNRESET" });
  expect(post).toHaveBeenCalledTimes(4);
  expect(states).toEqual([]);
});

test("no attempt begins after the deadline, though it ran out during a wait", async () => {
  const { run } = stack({ deadlineMs: 300, maxRetries: 3, backoffMs: 250 });
  const operation = vi.fn(({ guard }: Attempt) => guard(() => Promise.reject(reset())));

  const call = rejection(run(operation));
  await clock.advance({ seconds: 20 });

  expect(await call).toMatchObject({ budget: "deadline", cause: { systemCode: "ECONNRESET" } });
  expect(operation.mock.calls.length).toBeLessThanOrEqual(2);
});

test("the attempt itself knows why it was ended", async () => {
  const { run } = stack({ deadlineMs: 5_000 });
  let reason: unknown;

  const call = rejection(
    run(async ({ signal }) => {
      await hang(signal).catch((cut) => {
        reason = cut;
      });
    }),
  );
  await clock.advance({ seconds: 5 });
  await call;

  expect(reason).toMatchObject({ code: "ERR_TIMEOUT", budget: "deadline", timeoutMs: 5_000 });
});

test("a stale connection is tried again at once, and once", async () => {
  const { run } = stack({ maxRetries: 1 });
  const post = vi.fn(() =>
    Promise.reject(new TransportError("stale", { systemCode: "EPIPE", staleConnection: true })),
  );

  const call = rejection(run(({ guard }) => guard(post)));
  await clock.advance({ ms: 1 });
  expect(post).toHaveBeenCalledTimes(2);
  await clock.advance({ seconds: 10 });
  await call;

  expect(post).toHaveBeenCalledTimes(3);
});

test("the signal of an attempt does not fire after a success", async () => {
  const { run } = stack();
  const signals: AbortSignal[] = [];

  await run(async ({ signal, guard }) => {
    signals.push(signal);
    return guard(async (inner) => {
      signals.push(inner);
      return "token";
    });
  });
  await clock.advance({ seconds: 60 });

  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
});

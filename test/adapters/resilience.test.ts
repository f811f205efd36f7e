import { expect, test, vi } from "vitest";
import {
  CockatielResilience,
  type ResilienceRules,
} from "../../src/adapters/cockatiel-resilience.ts";
import { systemClock } from "../../src/adapters/system-clock.ts";
import type { CircuitState } from "../../src/core/events.ts";
import type { Attempt } from "../../src/core/ports.ts";
import {
  AssertionUnavailableError,
  TokenEndpointError,
  TransportError,
} from "../../src/domain/errors.ts";
import { useFakeClock } from "../support/clock.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

const RULES: ResilienceRules = {
  deadlineMs: 30_000,
  attemptTimeoutMs: 10_000,
  maxRetries: 0,
  backoffMs: 200,
  maxBackoffMs: 5_000,
  circuitBreaker: { failures: 2, openMs: 10_000 },
};

const reset = () => new TransportError("reset", { systemCode: "ECONNRESET" });
const refused = () =>
  new TokenEndpointError("refused", {
    statusCode: 400,
    errorResponse: { error: "invalid_scope", errorDescription: "" },
  });

function stack(rules: Partial<ResilienceRules> = {}) {
  const states: CircuitState[] = [];
  const resilience = new CockatielResilience({ ...RULES, ...rules }, systemClock, (state) => {
    states.push(state);
  });
  const run = <T>(
    operation: (attempt: Attempt) => Promise<T>,
    { signal = new AbortController().signal, origin = "https://a.example" } = {},
  ) => resilience.run(operation, { origin, signal, onRetry: () => {} });
  const fail = (error: () => Error) =>
    rejection(run(({ guard }) => guard(() => Promise.reject(error()))));
  return { states, run, fail };
}

const hang = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });

test("an abort from outside is told as such, not as a timeout", async () => {
  const { run } = stack();
  const abort = new AbortController();
  const reason = new Error("the last caller left");
  const call = rejection(run(({ guard }) => guard(hang), { signal: abort.signal }));

  abort.abort(reason);

  expect(await call).toBe(reason);
});

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
  expect(operation).toHaveBeenCalledTimes(1);
});

test("each origin has a circuit of its own", async () => {
  const { run, fail } = stack();
  await fail(reset);
  await fail(reset);

  const other = run(({ guard }) => guard(async () => "token"), { origin: "https://b.example" });

  expect(await other).toBe("token");
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

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

test("a failed assertion between two failures neither opens nor resets anything", async () => {
  const { run, fail, states } = stack();
  await fail(reset);
  await rejection(run(() => Promise.reject(new AssertionUnavailableError("closed"))));
  expect(states).toEqual([]);

  await fail(reset);

  expect(states).toEqual(["open"]);
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

test("an authority that hangs opens the circuit, though the deadline is shorter than the attempt timeout", async () => {
  const { run, states } = stack({ deadlineMs: 4_000, attemptTimeoutMs: 10_000 });
  for (const _ of times(2, () => 0)) {
    const call = rejection(run(({ guard }) => guard(hang)));
    await clock.advance({ seconds: 4 });
    expect(await call).toMatchObject({ code: "ERR_TIMEOUT", budget: "deadline" });
  }

  expect(states).toEqual(["open"]);
});

test("a request that the deadline left next to no time says nothing about the authority", async () => {
  const { run, states } = stack({ deadlineMs: 4_000 });
  for (const _ of times(5, () => 0)) {
    const call = rejection(
      run(async ({ guard }) => {
        await new Promise((resolve) => setTimeout(resolve, 3_900));
        return guard(hang);
      }),
    );
    await clock.advance({ seconds: 4 });
    await call;
  }

  expect(states).toEqual([]);
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

test("6.6 the state is that of this moment, though nothing happens when the open time is over", async () => {
  const { resilience, fail } = stack();
  const circuit = () => resilience.circuit("https://a.example");
  expect(circuit()).toEqual({ state: "closed", retryAfterMs: 0 });
  await fail(reset);
  await fail(reset);

  await clock.advance({ seconds: 4 });
  expect(circuit()).toEqual({ state: "open", retryAfterMs: 6_000 });

  await clock.advance({ seconds: 6 });
  expect(circuit()).toEqual({ state: "half_open", retryAfterMs: 0 });
});

test("6.6 a listener that throws changes nothing, and one that has stopped hears nothing", async () => {
  const { resilience, run, fail, states } = stack();
  resilience.onCircuitChange(() => {
    throw new Error("a listener fails");
  });
  const heard: unknown[] = [];
  const stop = resilience.onCircuitChange((change) => heard.push(change));
  await fail(reset);
  expect(await fail(reset)).toMatchObject({ systemCode: "ECONNRESET" });
  stop();
  await clock.advance({ seconds: 10 });

  expect(await run(({ guard }) => guard(async () => "token"))).toBe("token");
  expect(states).toEqual(["open", "half_open", "closed"]);
  expect(heard).toEqual([{ origin: "https://a.example", state: "open" }]);
});

test("6.6 failures that are hours apart are a row as well: few requests are no reason to go on failing", async () => {
  const { fail, states } = stack();
  await fail(reset);
  await clock.advance({ hours: 3 });

  await fail(reset);

  expect(states).toEqual(["open"]);
});

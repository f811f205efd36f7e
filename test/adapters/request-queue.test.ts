import { expect, test, vi } from "vitest";
import { RequestQueue } from "../../src/adapters/request-queue.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const NEVER = new AbortController().signal;
const WIDE = () => true;

/** A queue with one place that is taken, and how to give it back. */
function taken({ queued = 100 } = {}) {
  const queue = new RequestQueue({ concurrent: 1, queued }, WIDE);
  const first = Promise.withResolvers<void>();
  const done = queue.run(() => first.promise, NEVER);
  return {
    queue,
    free: () => {
      first.resolve();
      return done;
    },
  };
}

test("6.5 whoever waits goes on in the order of arrival", async () => {
  const { queue, free } = taken();
  const order: number[] = [];
  const all = times(5, (index) => queue.run(async () => order.push(index), NEVER));

  await free();
  await Promise.all(all);

  expect(order).toEqual([0, 1, 2, 3, 4]);
});

test("6.5 whoever gives up leaves the queue at once, and its place to another", async () => {
  const { queue, free } = taken({ queued: 2 });
  const abort = new AbortController();
  const leaving = times(2, () => rejection(queue.run(async () => "never", abort.signal)));
  expect(await rejection(queue.run(async () => "too many", NEVER))).toMatchObject({
    systemCode: "QUEUE_FULL",
    transient: true,
  });

  abort.abort(new Error("left"));
  const stays = queue.run(async () => "served", NEVER);

  expect(await Promise.all(leaving)).toEqual(times(2, () => new Error("left")));
  await free();
  expect(await stays).toBe("served");
});

test("6.5 whoever had given up before is not run", async () => {
  const queue = new RequestQueue({ concurrent: 1, queued: 1 }, WIDE);
  const request = vi.fn(async () => "never");

  const error = await rejection(queue.run(request, AbortSignal.abort(new Error("left"))));

  expect(error).toEqual(new Error("left"));
  expect(request).not.toHaveBeenCalled();
});

test("6.5 a request that throws gives its place back", async () => {
  const queue = new RequestQueue({ concurrent: 1, queued: 0 }, WIDE);
  await rejection(queue.run(() => Promise.reject(new Error("failed")), NEVER));

  expect(await queue.run(async () => "served", NEVER)).toBe("served");
});

test("6.5 a queue of ten thousand is left as fast as it was joined", async () => {
  const { queue } = taken({ queued: 10_000 });
  const signals = times(10_000, () => new AbortController());
  const leaving = signals.map(({ signal }) => rejection(queue.run(async () => "never", signal)));

  for (const abort of signals) abort.abort(new Error("left"));

  expect(await Promise.all(leaving)).toHaveLength(10_000);
});

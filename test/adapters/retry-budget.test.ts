import { expect, test, vi } from "vitest";
import { RetryBudget } from "../../src/adapters/retry-budget.ts";
import { systemClock } from "../../src/adapters/system-clock.ts";
import { useFakeClock } from "../support/clock.ts";
import { refused, reset, stack } from "../support/policy-stack.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

const RULES = { share: 0.2, floor: 3, windowMs: 10_000 };

const allowed = (budget: RetryBudget, wanted: number): number =>
  times(wanted, () => budget.take()).filter(Boolean).length;

test("6.5 a lone request has three retries", () => {
  const budget = new RetryBudget(RULES, systemClock);
  budget.requested();

  expect(allowed(budget, 10)).toBe(3);
});

test("6.5 a hundred requests have a fifth as many retries, and three more", () => {
  const budget = new RetryBudget(RULES, systemClock);
  for (const _ of times(100, () => 0)) budget.requested();

  expect(allowed(budget, 1_000)).toBe(23);
});

test("6.5 what was spent is given back when the window has slid past it, not before", async () => {
  const budget = new RetryBudget(RULES, systemClock);
  allowed(budget, 3);

  await clock.advance({ ms: 8_999 });
  expect(allowed(budget, 1)).toBe(0);

  await clock.advance({ ms: 1_001 });
  expect(allowed(budget, 10)).toBe(3);
});

test("6.5 requests count for as long as the window only", async () => {
  const budget = new RetryBudget(RULES, systemClock);
  for (const _ of times(100, () => 0)) budget.requested();
  await clock.advance({ seconds: 11 });

  expect(allowed(budget, 100)).toBe(3);
});

test("6.5 a wall clock set back changes nothing", async () => {
  const budget = new RetryBudget(RULES, systemClock);
  allowed(budget, 3);

  clock.setBack({ hours: 1 });
  await clock.advance({ seconds: 10 });

  expect(allowed(budget, 10)).toBe(3);
});

test("6.5 flights that fail together share the retries of their origin", async () => {
  const { run } = stack({ maxRetries: 3, circuitBreaker: false });
  const post = vi.fn(() => Promise.reject(reset()));

  const all = Promise.all(times(100, () => rejection(run(({ guard }) => guard(post)))));
  await clock.advance({ seconds: 9 });
  await all;

  expect(post.mock.calls.length).toBeGreaterThan(100);
  expect(post.mock.calls.length).toBeLessThanOrEqual(100 * 1.2 + 3);
});

test("6.5 switched off, every flight has all its retries", async () => {
  const { run } = stack({ maxRetries: 3, circuitBreaker: false, retryBudget: false });
  const post = vi.fn(() => Promise.reject(reset()));

  const all = Promise.all(times(100, () => rejection(run(({ guard }) => guard(post)))));
  await clock.advance({ seconds: 29 });
  await all;

  expect(post).toHaveBeenCalledTimes(400);
});

test("6.5 each origin has a budget of its own, and what is not retried takes nothing from it", async () => {
  const { run, fail } = stack({ maxRetries: 3, circuitBreaker: false });
  for (const _ of times(10, () => 0)) await fail(refused);
  const post = vi.fn(() => Promise.reject(reset()));
  const elsewhere = vi.fn(() => Promise.reject(reset()));

  const all = [
    rejection(run(({ guard }) => guard(post))),
    rejection(run(({ guard }) => guard(elsewhere), { origin: "https://b.example" })),
  ];
  await clock.advance({ seconds: 20 });
  await Promise.all(all);

  expect([post.mock.calls.length, elsewhere.mock.calls.length]).toEqual([4, 4]);
});

import { getEventListeners } from "node:events";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { pass } from "../pass.ts";
import { turn } from "../turn.ts";
import { heapInUse } from "./collect-garbage.ts";
import { RoughHour } from "./rough-hour.ts";

// As in a process of its own: a test runner's longer traces would weigh more than all else.
Error.stackTraceLimit = 10;

const MINUTE_MS = 60_000;

// What the runtime itself still learns about its code takes half of it.
const MOST_GROWTH = 1_048_576;

// What a request may leave behind for the growth to tell it.
const BYTES_TOLD = 200;

const warnings: Error[] = [];
const warn = (warning: Error) => warnings.push(warning);
const growth = { bytes: 0, requests: 0 };
let hour: RoughHour;

beforeAll(async () => {
  vi.useFakeTimers({ now: new Date("2026-03-01T12:00:00Z") });
  process.on("warning", warn);
  hour = new RoughHour();

  await hour.live({ from: 0, until: 10 });
  await pass(MINUTE_MS);
  const before = { bytes: await heapInUse(), requests: hour.authority.requests };
  await hour.live({ from: 10, until: 60 });
  await pass(MINUTE_MS);
  growth.bytes = (await heapInUse()) - before.bytes;
  growth.requests = hour.authority.requests - before.requests;
}, 120_000);

afterAll(() => {
  vi.useRealTimers();
  process.off("warning", warn);
});

test("the hour has all in it: answers, failures and thousands of requests", () => {
  expect(hour.answered).toBeGreaterThan(1_000);
  expect(hour.rejected).toBeGreaterThan(1_000);
  expect(growth.requests).toBeGreaterThan(MOST_GROWTH / BYTES_TOLD);
});

test("the heap does not grow from the tenth minute to the last", () => {
  expect(growth.bytes).toBeLessThan(MOST_GROWTH);
});

test("a minute after the last call no timer is left", () => {
  expect(vi.getTimerCount()).toBe(0);
});

test("no listener is left on a signal that thousands waited under, and Node warned of none", () => {
  expect(getEventListeners(hour.shutdown.signal, "abort")).toEqual([]);
  expect(warnings).toEqual([]);
});

test("close leaves no timer, whatever is under way", async () => {
  await hour.live({ from: 4, until: 5 });
  expect(vi.getTimerCount()).toBeGreaterThan(0);

  await hour.credential.close();
  await turn();

  expect(hour.timersOfCallers()).toBe(vi.getTimerCount());
});

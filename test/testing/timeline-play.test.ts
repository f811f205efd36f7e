import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FaultRun, LocalAuthority, parseTimeline } from "../../src/testing/index.ts";
import { tokenUrl } from "./token-client.ts";

let authority: LocalAuthority;

beforeEach(async () => {
  authority = await LocalAuthority.start();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(async () => {
  vi.useRealTimers();
  await authority.close();
});

/** How a request is answered now; 400 is what the authority itself says to an empty one. */
async function statusNow(): Promise<number> {
  const response = await fetch(tokenUrl(authority), { method: "POST" });
  await response.text();
  return response.status;
}

async function hasEnded({ ended }: FaultRun): Promise<boolean> {
  const later = new Promise<boolean>((resolve) => setImmediate(() => resolve(false)));
  return Promise.race([ended.then(() => true), later]);
}

function passS(seconds: number): void {
  vi.advanceTimersByTime(seconds * 1000);
}

test("a fault lasts from its time until its end", async () => {
  authority.play({ faults: [{ kind: "outage", atS: 10, forS: 5 }] });
  const before = await statusNow();

  passS(10);
  const during = await statusNow();
  passS(4.999);
  const atLast = await statusNow();
  passS(0.001);

  expect([before, during, atLast, await statusNow()]).toEqual([400, 503, 503, 400]);
});

test("what happens at the start has happened when play returns", async () => {
  authority.play({ faults: [{ kind: "outage", atS: 0, forS: 5 }] });

  expect(await statusNow()).toBe(503);
});

test("a timeline in JSON plays as one in code", async () => {
  const json = '{ "name": "bad day", "faults": [{ "kind": "outage", "atS": 1, "status": 500 }] }';
  authority.play(parseTimeline(json));
  const before = await statusNow();

  passS(1);

  expect([before, await statusNow()]).toEqual([400, 500]);
});

test("a fault without an end lasts until the run is stopped", async () => {
  const run = authority.play({ faults: [{ kind: "outage", atS: 0 }] });
  passS(1_000_000);
  const during = await statusNow();

  run.stop();

  expect([during, await statusNow()]).toEqual([503, 400]);
});

test("one fault gives way to the next at one and the same time", async () => {
  authority.play({
    faults: [
      { kind: "outage", status: 502, atS: 0.3, forS: 0.2 },
      { kind: "outage", status: 500, atS: 0.1, forS: 0.2 },
    ],
  });

  passS(0.299);
  await statusNow();
  passS(0.001);
  await statusNow();

  expect(authority.requests).toMatchObject([
    { status: 500, faults: ["outage"] },
    { status: 502, faults: ["outage"] },
  ]);
});

test("what begins later is applied on top, and so is the later in the list", async () => {
  authority.play({
    faults: [
      { kind: "outage", status: 502, atS: 1 },
      { kind: "outage", status: 500, atS: 0 },
      { kind: "outage", status: 501, atS: 1, forS: 1 },
      { kind: "outage", status: 504, atS: 3 },
    ],
  });

  const seen: number[] = [];
  for (let second = 0; second < 4; second++) {
    seen.push(await statusNow());
    passS(1);
  }

  expect(seen).toEqual([500, 501, 502, 504]);
});

test("a run has ended when each fault has begun and each with an end has ended", async () => {
  const run = authority.play({
    faults: [
      { kind: "outage", atS: 0, forS: 2 },
      { kind: "latency", latencyMs: 0, atS: 3 },
    ],
  });

  passS(2.999);
  const before = await hasEnded(run);
  passS(0.001);

  expect([before, await hasEnded(run)]).toEqual([false, true]);
});

test("a timeline without faults has ended at once", async () => {
  expect(await hasEnded(authority.play({ faults: [] }))).toBe(true);
});

test("a run that is stopped has ended, and brings nothing more", async () => {
  const run = authority.play({
    faults: [
      { kind: "outage", atS: 0, forS: 100 },
      { kind: "outage", atS: 10 },
    ],
  });

  run.stop();
  run.stop();
  const ended = await hasEnded(run);
  passS(1000);

  expect([ended, await statusNow(), vi.getTimerCount()]).toEqual([true, 400, 0]);
});

test("stopping one run leaves the others and the faults by hand", async () => {
  const stopped = authority.play({ faults: [{ kind: "outage", status: 500, atS: 0 }] });
  authority.play({ faults: [{ kind: "latency", latencyMs: 0, atS: 0 }] });
  authority.injectFault({ kind: "skewed-date", skewS: 1 });

  stopped.stop();
  await statusNow();

  expect(authority.requests[0]?.faults).toEqual(["skewed-date", "latency"]);
});

test("clearing the faults ends the runs with them", async () => {
  const run = authority.play({
    faults: [
      { kind: "outage", atS: 0 },
      { kind: "outage", atS: 9 },
    ],
  });

  authority.clearFaults();
  const ended = await hasEnded(run);
  passS(10);

  expect([ended, await statusNow()]).toEqual([true, 400]);
});

test("closing the authority ends the runs, and a later one ends at once", async () => {
  const run = authority.play({
    faults: [
      { kind: "hang", atS: 0 },
      { kind: "outage", atS: 9 },
    ],
  });

  await authority.close();
  const later = authority.play({ faults: [{ kind: "outage", atS: 9 }] });

  expect([await hasEnded(run), await hasEnded(later), vi.getTimerCount()]).toEqual([true, true, 0]);
});

test("a request that hangs outlasts the fault it met", async () => {
  authority.play({ faults: [{ kind: "hang", atS: 0, forS: 1 }] });
  const leaving = new AbortController();
  const pending = fetch(tokenUrl(authority), { method: "POST", signal: leaving.signal });
  const settled = expect(pending).rejects.toThrow("aborted");
  while (authority.requestCount === 0) await new Promise(setImmediate);

  passS(1);
  const others = await statusNow();

  expect([others, authority.openRequests]).toEqual([400, 1]);
  leaving.abort();
  await settled;
});

import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import {
  type ClientKeys,
  createClientKeys,
  type Fault,
  LocalAuthority,
} from "../../src/testing/index.ts";
import { exchange, WAYS } from "./raw-exchange.ts";
import { CLIENT, requestToken, TENANT } from "./token-client.ts";

let authority: LocalAuthority;
let keys: ClientKeys;
let draws: number[];

beforeAll(async () => {
  keys = await createClientKeys({ algorithm: "EC" });
});
beforeEach(async () => {
  draws = [];
  authority = await LocalAuthority.start({ chance: () => draws.shift() ?? 0 });
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
});
afterEach(() => authority.close());

async function statuses(count: number): Promise<readonly (number | undefined)[]> {
  const all: (number | undefined)[] = [];
  while (all.length < count) all.push((await exchange(authority, keys)).status);
  return all;
}

async function timed(): Promise<number> {
  const began = performance.now();
  await exchange(authority, keys);
  return performance.now() - began;
}

test.for(WAYS)(
  "a fault written $way lasts until it is ended, which may be done twice",
  async ({ begin }) => {
    const end = begin(authority, { kind: "outage" });
    const during = await statuses(2);

    end();
    const other = begin(authority, { kind: "throttle" });
    end();

    expect(during).toEqual([503, 503]);
    expect(await statuses(1)).toEqual([429]);
    other();
    expect(await statuses(1)).toEqual([200]);
  },
);

test("clearing ends all faults", async () => {
  authority.injectFault({ kind: "outage" });
  authority.injectFault({ kind: "latency", latencyMs: 60_000 });

  authority.clearFaults();

  expect(await statuses(1)).toEqual([200]);
  expect(authority.requests[0]).not.toHaveProperty("faults");
});

test("the newest fault is applied to what the others make of the answer", async () => {
  authority.injectFault({ kind: "outage", body: "none" });
  authority.injectFault({ kind: "skewed-date", skewS: 3600 });
  authority.injectFault({ kind: "latency", latencyMs: 40 });

  const began = performance.now();
  const { status, headers } = await exchange(authority, keys);

  expect(performance.now() - began).toBeGreaterThanOrEqual(38);
  expect(status).toBe(503);
  expect(Date.parse(String(headers.date)) - Date.now()).toBeGreaterThan(3_590_000);
  expect(authority.requests[0]?.faults).toEqual(["latency", "skewed-date", "outage"]);
  expect(Object.isFrozen(authority.requests[0]?.faults)).toBe(true);
});

test("a fault that answers by itself hides those before it", async () => {
  authority.injectFault({ kind: "hang" });
  authority.injectFault({ kind: "refusal", status: 400 });

  expect(await statuses(1)).toEqual([400]);
});

test("latencies and skews add up, and the slower of two paces counts", async () => {
  authority.injectFault({ kind: "latency", latencyMs: 25 });
  authority.injectFault({ kind: "latency", latencyMs: 25 });
  authority.injectFault({ kind: "skewed-date", skewS: 3600 });
  authority.injectFault({ kind: "skewed-date", skewS: 3600 });
  authority.injectFault({ kind: "drip", bytesPerS: 10_000 });
  authority.injectFault({ kind: "drip", bytesPerS: 1_000_000 });

  const began = performance.now();
  const { text, headers } = await exchange(authority, keys);

  expect(performance.now() - began).toBeGreaterThan(45 + text.length / 10 - 10);
  expect(Date.parse(String(headers.date)) - Date.now()).toBeGreaterThan(7_190_000);
});

test("a connection that a script cuts before the headers cannot end in the body", async () => {
  authority.respondWith({ status: 200, body: "0123456789", destroy: "before-headers" });
  authority.injectFault({ kind: "reset", when: "in-body" });

  expect(await exchange(authority, keys)).toMatchObject({ failure: "socket hang up" });
});

test("an answer that ends before its headers cannot end in its body", async () => {
  authority.injectFault({ kind: "reset" });
  authority.injectFault({ kind: "hang", where: "in-body" });

  expect(await exchange(authority, keys)).toMatchObject({
    failure: "read ECONNRESET",
    status: undefined,
  });
});

test("of two ends in the body the newer counts", async () => {
  authority.respondWith({ status: 200, body: "0123456789", destroy: "in-body" });
  authority.injectFault({ kind: "hang", where: "in-body" });
  authority.injectFault({ kind: "reset", when: "in-body" });

  expect(await exchange(authority, keys)).toMatchObject({
    failure: "read ECONNRESET",
    text: "01234",
  });
});

test("a reset before the request is read comes before all other faults", async () => {
  authority.injectFault({ kind: "reset", when: "before-request" });
  authority.injectFault({ kind: "outage" });

  expect(await statuses(1)).toEqual([undefined]);
});

test("faults are applied to scripted responses, and one that answers by itself leaves them waiting", async () => {
  authority.respondOnce({ status: 418, body: {} });
  const end = authority.injectFault({ kind: "outage" });
  const during = await statuses(1);
  end();
  authority.injectFault({ kind: "skewed-date", skewS: 3600 });

  const { status, headers } = await exchange(authority, keys);

  expect(during).toEqual([503]);
  expect(status).toBe(418);
  expect(Date.parse(String(headers.date)) - Date.now()).toBeGreaterThan(3_590_000);
});

test.for(WAYS)(
  "a tenant in a fault written $way spares the others, in any case",
  async ({ begin }) => {
    begin(authority, { kind: "outage", tenant: "Contoso.example" });

    const met = await exchange(authority, keys, { tenant: "contoso.EXAMPLE" });
    const spared = await exchange(authority, keys);

    expect([met.status, spared.status]).toEqual([503, 200]);
  },
);

test("a tenant spares the others from a reset, too", async () => {
  authority.injectFault({ kind: "reset", when: "before-request", tenant: "contoso.example" });

  const spared = await exchange(authority, keys, { tenant: TENANT });
  const met = await exchange(authority, keys, { tenant: "contoso.example" });

  expect(spared.status).toBe(200);
  expect(met.failure).toBe("read ECONNRESET");
});

test.for(WAYS)("the share of a fault written $way is drawn for each request", async ({ begin }) => {
  draws = [0.29, 0.3, 0.99, 0];
  begin(authority, { kind: "outage", share: 0.3 });

  expect(await statuses(4)).toEqual([503, 200, 200, 503]);
});

test.for<{ share: number; status: number }>([
  { share: 0, status: 200 },
  { share: 1, status: 503 },
])("a share of $share leaves nothing to chance", async ({ share, status }) => {
  draws = [0, 0.999_999, 0];
  authority.injectFault({ kind: "outage", share });

  expect(await statuses(3)).toEqual([status, status, status]);
});

test("jitter is drawn for each request, on top of the latency", async () => {
  draws = [0, 0.5];
  authority.injectFault({ kind: "latency", latencyMs: 1, jitterMs: 200 });

  const without = await timed();
  const halfway = await timed();

  expect(without).toBeLessThan(halfway);
  expect(halfway).toBeGreaterThanOrEqual(100);
});

test("an authority without a source of chance takes the platform's", async () => {
  await using usual = await LocalAuthority.start();
  usual.registerClient({ clientId: CLIENT, certificate: keys.certificate });
  usual.injectFault({ kind: "outage", share: 0.5 });

  const seen = new Set<number>();
  for (let asked = 0; seen.size < 2 && asked < 100; asked++) {
    seen.add((await requestToken(usual, keys)).status);
  }

  expect([...seen].sort()).toEqual([200, 503]);
});

test("a fault is copied: what becomes of the object later changes nothing", async () => {
  const fault = { kind: "outage", status: 503 } satisfies Fault;
  authority.injectFault(fault);

  fault.status = 500;

  expect(await statuses(1)).toEqual([503]);
});

test("a source of chance that is no function is refused", async () => {
  const started = Reflect.apply(LocalAuthority.start, LocalAuthority, [{ chance: 0.5 }]);

  await expect(started).rejects.toThrow("chance must be a function, not number");
});

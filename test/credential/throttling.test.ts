import { expect, test, vi } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, OTHER_TENANT, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

const GRANT = JSON.stringify({ access_token: "back", token_type: "Bearer", expires_in: 3600 });

const DATE = { "retry-after": "Sun, 01 Mar 2026 12:00:07 GMT" };

test.each([
  ["seconds", { "retry-after": "7" }],
  ["a date", DATE],
])(
  "6.4 a Retry-After in %s that one key hears is kept by a thousand of its tenant",
  async (_, headers) => {
    const entra = fakeEntra().takes(10);
    for (const _key of times(32, () => 0)) entra.refuses(429, "throttled", undefined, headers);
    entra.issues("first");
    const credential = credentialAgainst(entra);

    const calls = times(1_000, (index) => credential.getToken(`scope-${index}`));
    const settled = Promise.allSettled(calls);
    await clock.advance({ ms: 6_999 });
    // Those that were under way together when it was heard, and none of those that waited their turn.
    expect(entra.requests).toHaveLength(32);

    await clock.advance({ seconds: 20 });
    await settled;
    const later = credential.getToken(SCOPE);
    await clock.advance({ ms: 10 });
    expect((await later).token).toBe("first");
  },
);

test("6.4 the retry of another key waits as long as the tenant was told to", async () => {
  const entra = fakeEntra()
    .refuses(503, "busy")
    .refuses(429, "throttled", undefined, { "retry-after": "7" })
    .issues("first");
  const credential = credentialAgainst(entra);
  const first = credential.getToken(SCOPE);
  await clock.advance({ ms: 1 });
  const second = credential.getToken("https://graph.microsoft.com/.default");

  await clock.advance({ ms: 6_999 });
  expect(entra.requests).toHaveLength(2);

  await clock.advance({ seconds: 2 });
  expect((await first).token).toBe("first");
  expect((await second).token).toBe("first");
});

test("6.4 a Retry-After of one tenant is nothing to another", async () => {
  const entra = fakeEntra()
    .refuses(429, "throttled", undefined, { "retry-after": "60" })
    .issues("first");
  const credential = credentialAgainst(entra, { additionallyAllowedTenants: ["*"] });
  await rejection(credential.getToken(SCOPE));

  const other = await credential.getToken(SCOPE, { tenantId: OTHER_TENANT });

  expect(other.token).toBe("first");
});

test("5.4 a refused client costs what was under way, not what waited for its turn", async () => {
  const getAssertion = vi.fn(async () => "an-assertion");
  const entra = fakeEntra().takes(10).refuses(401, "invalid_client", 7000215);
  const credential = credentialAgainst(entra, { getAssertion });

  const all = Promise.allSettled(times(1_000, (index) => credential.getToken(`scope-${index}`)));
  await clock.advance({ seconds: 2 });

  expect((await all).every(({ status }) => status === "rejected")).toBe(true);
  expect(entra.requests).toHaveLength(32);
});

test("6.5 a thousand cold keys under a 503 send few retries, and none while the circuit is open", async () => {
  const entra = fakeEntra().takes(100).refuses(503, "busy");
  const credential = credentialAgainst(entra);
  const askAll = () =>
    Promise.allSettled(times(1_000, (index) => credential.getToken(`scope-${index}`)));

  const first = askAll();
  await clock.advance({ seconds: 2 });
  await first;
  const before = entra.requests.length;
  expect(before).toBeLessThanOrEqual(1_000 * 1.2 + 3);
  expect(credential.health().circuit.state).toBe("open");

  for (let second = 0; second < 7; second += 1) {
    const again = askAll();
    await clock.advance({ seconds: 1 });
    await again;
  }
  expect(entra.requests).toHaveLength(before);
});

test("6.6 an authority that is back is asked by steps: no flood of a thousand keys", async () => {
  let busy = true;
  const entra = fakeEntra()
    .takes(100)
    .replies(() =>
      busy
        ? { status: 503, headers: {}, body: '{"error":"busy"}' }
        : { status: 200, headers: {}, body: GRANT },
    );
  const credential = credentialAgainst(entra);
  const askAll = () =>
    Promise.allSettled(times(1_000, (index) => credential.getToken(`scope-${index}`)));
  void askAll();
  await clock.advance({ seconds: 12 });
  const before = entra.requests.length;
  busy = false;

  const perTenth: number[] = [];
  for (let tenth = 0; tenth < 7; tenth += 1) {
    void askAll();
    const count = entra.requests.length;
    await clock.advance({ ms: 100 });
    perTenth.push(entra.requests.length - count);
  }

  expect(before).toBeLessThan(200);
  // Those who met the probe are told to come back in 200 ms: the second and third step are one.
  const [probe, ...steps] = perTenth;
  expect(probe).toBe(1);
  expect(steps.slice(2)).toEqual([8, 16, 32, 32]);
  expect(Math.max(...steps.slice(0, 2))).toBeLessThanOrEqual(6);
});

test("6.5 what was held before it was sent takes no retry from anybody", async () => {
  const entra = fakeEntra()
    .takes(10)
    .refuses(429, "throttled", undefined, { "retry-after": "1" })
    .fails("ECONNRESET")
    .issues("cured");
  const credential = credentialAgainst(entra, {
    additionallyAllowedTenants: ["*"],
    resilience: { bulkhead: { concurrent: 1 } },
  });
  void Promise.allSettled(times(10, (index) => credential.getToken(`scope-${index}`)));
  await clock.advance({ ms: 20 });

  const other = credential.getToken(SCOPE, { tenantId: OTHER_TENANT });
  await clock.advance({ ms: 900 });

  expect((await other).token).toBe("cured");
});

test("5.4 a retry does not wait out the refusal of its client: it is told", async () => {
  const entra = fakeEntra();
  const failing = entra.holdsAnswer({ status: 503, headers: {}, body: '{"error":"busy"}' });
  entra.refuses(401, "invalid_client", 7000215);
  const credential = credentialAgainst(entra);
  const first = rejection(credential.getToken("one"));
  await clock.advance({ ms: 1 });
  await rejection(credential.getToken("two"));
  failing();

  await clock.advance({ seconds: 2 });

  expect(await first).toMatchObject({ entraCode: 7000215, remembered: true });
});

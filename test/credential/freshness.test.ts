import { expect, test, vi } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

test("5.2 a fresh token is returned and nothing is asked", async () => {
  const entra = fakeEntra().issues("first");
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);

  await clock.advance({ minutes: 54, seconds: 59 });

  expect((await credential.getToken(SCOPE)).token).toBe("first");
  expect(entra.requests).toHaveLength(1);
});

test("5.2 one refresh runs behind any number of stale reads", async () => {
  const entra = fakeEntra().issues("first").issues("second");
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);

  await clock.advance({ minutes: 56 });
  const tokens = await Promise.all(times(50, () => credential.getToken(SCOPE)));

  expect(new Set(tokens.map(({ token }) => token))).toEqual(new Set(["first"]));
  await vi.waitFor(() => expect(credential.peek(SCOPE)?.token).toBe("second"));
  expect(entra.requests).toHaveLength(2);
});

test("5.2 a stale read does not wait for a slow authority", async () => {
  const entra = fakeEntra().issues("first").hangs();
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 56 });

  // The clock stands still, so an answer that waited for it would never come.
  expect((await credential.getToken(SCOPE)).token).toBe("first");
});

test("5.2 an expiring token is renewed while the caller waits", async () => {
  const entra = fakeEntra().issues("first").issues("second").takes(100);
  const credential = credentialAgainst(entra);
  const first = credential.getToken(SCOPE);
  await clock.advance({ ms: 100 });
  await first;
  await clock.advance({ minutes: 59, seconds: 40 });

  const call = credential.getToken(SCOPE);
  await clock.advance({ ms: 100 });

  expect((await call).token).toBe("second");
});

test("5.2 an expiring token is returned after a third of its time left when the authority hangs", async () => {
  const entra = fakeEntra().issues("first").hangs();
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 59, seconds: 45 });
  let token: string | undefined;

  void credential.getToken(SCOPE).then((answer) => {
    token = answer.token;
  });
  await clock.advance({ ms: 4_999 });
  expect(token).toBeUndefined();
  await clock.advance({ ms: 1 });

  expect(token).toBe("first");
});

test("5.2 in its last second an expiring token is returned at once", async () => {
  const entra = fakeEntra().issues("first").hangs();
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 59, seconds: 59, ms: 100 });

  expect((await credential.getToken(SCOPE)).token).toBe("first");
});

test("5.2 in its last second a refresh runs behind the caller all the same", async () => {
  const entra = fakeEntra().issues("first", { expires_in: 8 }).issues("second");
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ seconds: 7, ms: 400 });

  expect((await credential.getToken(SCOPE)).token).toBe("first");

  await vi.waitFor(() => expect(credential.peek(SCOPE)?.token).toBe("second"));
});

test("5.2 an expiring token is returned when its renewal fails, and at once while the gate holds", async () => {
  const entra = fakeEntra().issues("first").refuses(400, "invalid_scope", 70011);
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 59, seconds: 40 });

  const tokens = [await credential.getToken(SCOPE), await credential.getToken(SCOPE)];

  expect(tokens.map(({ token }) => token)).toEqual(["first", "first"]);
  expect(entra.requests).toHaveLength(2);
});

test("5.2 a token past its expiry is never returned", async () => {
  const entra = fakeEntra().issues("first").refuses(400, "invalid_scope", 70011);
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 60 });

  expect(await rejection(credential.getToken(SCOPE))).toMatchObject({ statusCode: 400 });
  expect(credential.peek(SCOPE)).toBeUndefined();
});

test("5.2 the margin is a tenth of a short lifetime", async () => {
  const entra = fakeEntra().issues("first", { expires_in: 60 }).hangs();
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);

  await clock.advance({ seconds: 53 });

  // Stale, and not yet expiring. The clock stands still: a caller that waited would wait forever.
  expect((await credential.getToken(SCOPE)).token).toBe("first");
});

test.each([
  { lifetime: "24 h", expires_in: 86_400, refreshIn: 43_200 },
  { lifetime: "2 h", expires_in: 7_200, refreshIn: 3_600 },
  { lifetime: "90 min", expires_in: 5_400, refreshIn: 5_100 },
  { lifetime: "60 min", expires_in: 3_600, refreshIn: 3_300 },
  { lifetime: "25 min", expires_in: 1_500, refreshIn: 1_200 },
  { lifetime: "10 min", expires_in: 600, refreshIn: 480 },
  { lifetime: "250 s", expires_in: 250, refreshIn: 200 },
  { lifetime: "60 s", expires_in: 60, refreshIn: 48 },
])(
  "5.3 a lifetime of $lifetime is renewed after $refreshIn s",
  async ({ expires_in, refreshIn }) => {
    const credential = credentialAgainst(fakeEntra().issues("first", { expires_in }));

    const { refreshAfterTimestamp } = await credential.getToken(SCOPE);

    expect(refreshAfterTimestamp).toBe(Date.now() + refreshIn * 1_000);
  },
);

test("5.2 a caller whose short wait outlives the old token waits on under its own limits", async () => {
  const entra = fakeEntra().issues("first");
  const land = entra.holds("second");
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 59, seconds: 40 });
  const call = credential.getToken(SCOPE);
  await vi.waitFor(() => expect(entra.requests).toHaveLength(2));

  // The machine is suspended: the wall clock goes on without the timers.
  clock.setBack({ minutes: -1 });
  await clock.advance({ seconds: 7 });
  land();

  expect((await call).token).toBe("second");
});

test("5.3 the authority's own refresh_in wins", async () => {
  const entra = fakeEntra().issues("first", { expires_in: 3_600, refresh_in: 600 });
  const credential = credentialAgainst(entra);

  const { refreshAfterTimestamp } = await credential.getToken(SCOPE);

  expect(refreshAfterTimestamp).toBe(Date.now() + 600_000);
});

test("5.3 jitter brings the refresh point forward by a tenth at most, and is drawn once per token", async () => {
  const points = new Set<number | undefined>();
  for (let credentials = 0; credentials < 50; credentials += 1) {
    const credential = credentialAgainst(fakeEntra(), { refresh: { jitter: 0.1 } });
    const { refreshAfterTimestamp } = await credential.getToken(SCOPE);
    expect((await credential.getToken(SCOPE)).refreshAfterTimestamp).toBe(refreshAfterTimestamp);
    points.add(refreshAfterTimestamp);
  }

  const drawn = [...points].map((point = 0) => point - Date.now());
  expect(Math.max(...drawn)).toBeLessThanOrEqual(3_300_000);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(2_970_000);
  expect(drawn.length).toBeGreaterThan(40);
});

test("5.3 the life of a token is counted from when it was asked for", async () => {
  const entra = fakeEntra().takes(2_000);
  const credential = credentialAgainst(entra);
  const asked = Date.now();

  const call = credential.getToken(SCOPE);
  await clock.advance({ seconds: 2 });

  expect((await call).expiresOnTimestamp).toBe(asked + 3_600_000);
});

test("5.7 a wall clock set back does not make a token last longer", async () => {
  const entra = fakeEntra().issues("first").issues("second");
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);

  await clock.advance({ minutes: 30 });
  clock.setBack({ hours: 2 });
  expect((await credential.getToken(SCOPE)).token).toBe("first");
  await clock.advance({ minutes: 30 });

  expect((await credential.getToken(SCOPE)).token).toBe("second");
});

test("5.7 a machine that was suspended does not use an expired token", async () => {
  const credential = credentialAgainst(fakeEntra().issues("first").issues("second"));
  await credential.getToken(SCOPE);

  // The wall clock went on, the monotonic one stood still.
  clock.setBack({ minutes: -61 });

  expect((await credential.getToken(SCOPE)).token).toBe("second");
});

test("5.7 after a clock was set back callers are told times of the clock they read", async () => {
  const credential = credentialAgainst(fakeEntra());
  await clock.advance({ minutes: 1 });
  clock.setBack({ hours: 1 });

  const { expiresOnTimestamp } = await credential.getToken(SCOPE);

  expect(expiresOnTimestamp).toBe(Date.now() + 3_600_000);
});

test("5.2 while its renewal is under way or held, a stale token is served as a fresh one is: by one promise made before", async () => {
  const credential = credentialAgainst(fakeEntra().issues("first").refuses(503, "busy"));
  const first = await credential.getToken(SCOPE);
  await clock.advance({ minutes: 56 });
  await credential.getToken(SCOPE);
  await clock.advance({ seconds: 5 });
  await credential.getToken(SCOPE);

  const call = credential.getToken(SCOPE);

  expect(call).toBe(credential.getToken(SCOPE));
  expect(await call).toBe(first);
});

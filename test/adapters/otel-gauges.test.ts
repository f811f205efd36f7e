import type { DataPoint } from "@opentelemetry/sdk-metrics";
import { expect, test } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, OTHER_SCOPE, SCOPE, TENANT } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";
import { rejection } from "../support/rejection.ts";

const EXPIRY = "entra.credential.token.expiry.timestamp";
const USAGE = "entra.credential.cache.usage";
const LIMIT = "entra.credential.cache.limit";
const ACTIVE = "entra.credential.token.request.active";
const CERTIFICATE = "entra.credential.assertion.expiry.timestamp";

useCleanGlobals();
const clock = useFakeClock();

/** The values of a gauge for one name of credentials. */
async function read(sdk: Sdk, metric: string, name: string): Promise<readonly number[]> {
  const points = ((await sdk.metric(metric))?.dataPoints ?? []) as DataPoint<number>[];
  return points
    .filter(({ attributes }) => attributes["entra.credential.name"] === name)
    .map(({ value }) => value);
}

test("the first expiry of the tokens in use is told, in seconds since 1970", async () => {
  const sdk = new Sdk().register();
  const entra = fakeEntra().issues("long").issues("short", { expires_in: 1_800 });
  const credential = credentialAgainst(entra, { telemetry: { name: "expiry" } });
  const now = Date.now() / 1_000;

  await credential.getToken(SCOPE);
  await credential.getToken(OTHER_SCOPE);

  expect(await read(sdk, EXPIRY, "expiry")).toEqual([now + 1_800]);
});

test("a token that nobody got for a quarter of an hour is not missed when it ends", async () => {
  const sdk = new Sdk().register();
  const entra = fakeEntra().issues("long").issues("short", { expires_in: 1_800 });
  const credential = credentialAgainst(entra, { telemetry: { name: "unused" } });
  const now = Date.now() / 1_000;
  await credential.getToken(SCOPE);
  await credential.getToken(OTHER_SCOPE);

  await clock.advance({ minutes: 15 });
  await credential.getToken(SCOPE);

  expect(await read(sdk, EXPIRY, "unused")).toEqual([now + 3_600]);
});

test("a token renewed behind its users is as much in use as the one before it", async () => {
  const sdk = new Sdk().register();
  const credential = credentialAgainst(fakeEntra(), { telemetry: { name: "renewed" } });
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 56 });
  const renewedAt = Date.now() / 1_000;

  await credential.getToken(SCOPE);
  await clock.advance({ ms: 10 });

  expect(await read(sdk, EXPIRY, "renewed")).toEqual([renewedAt + 3_600]);
});

test("a token whose caller had left when it came is in use: it was asked for", async () => {
  const sdk = new Sdk().register();
  const credential = credentialAgainst(fakeEntra().takes(100), { telemetry: { name: "late" } });
  const askedAt = Date.now() / 1_000;

  const call = rejection(credential.getToken(SCOPE, { requestOptions: { timeout: 50 } }));
  await clock.advance({ ms: 200 });
  await call;

  expect(await read(sdk, EXPIRY, "late")).toEqual([askedAt + 3_600]);
});

test("usage and limit of the cache are those of all credentials of the name, expired tokens left out", async () => {
  const sdk = new Sdk().register();
  const options = { telemetry: { name: "usage" }, cache: { maxEntries: 10 } };
  const entra = fakeEntra().issues("long").issues("short", { expires_in: 60 });
  const credential = credentialAgainst(entra, options);
  await credentialAgainst(fakeEntra(), options).getToken(SCOPE);
  await credential.getToken(SCOPE);
  await credential.getToken(OTHER_SCOPE);

  const before = await read(sdk, USAGE, "usage");
  await clock.advance({ minutes: 2 });

  expect(before).toEqual([3]);
  expect(await read(sdk, USAGE, "usage")).toEqual([2]);
  expect(await read(sdk, LIMIT, "usage")).toEqual([20]);
});

test("what was told of a credential is 0 once it is closed, since an SDK repeats the last value", async () => {
  const sdk = new Sdk().register();
  const credential = credentialAgainst(fakeEntra(), { telemetry: { name: "closed" } });
  await credential.getToken(SCOPE);
  for (const metric of [EXPIRY, USAGE, LIMIT]) {
    expect(await read(sdk, metric, "closed")).not.toEqual([0]);
  }

  await credential.close();

  for (const metric of [EXPIRY, USAGE, LIMIT]) {
    expect(await read(sdk, metric, "closed")).toEqual([0]);
  }
});

test("an expiry that nobody waits for any more is 0, not a moment that passes", async () => {
  const sdk = new Sdk().register();
  const credential = credentialAgainst(fakeEntra(), { telemetry: { name: "left-alone" } });
  await credential.getToken(SCOPE);
  const before = await read(sdk, EXPIRY, "left-alone");

  await clock.advance({ hours: 2 });

  expect(before).toEqual([Date.now() / 1_000 - 3_600]);
  expect(await read(sdk, EXPIRY, "left-alone")).toEqual([0]);
});

test("expiries are told apart by what an application opted in to", async () => {
  const sdk = new Sdk().register();
  const entra = fakeEntra().issues("own").issues("other", { expires_in: 1_800 });
  const credential = credentialAgainst(entra, {
    telemetry: { name: "by-tenant", metricAttributes: ["entra.tenant.id"] },
    additionallyAllowedTenants: ["contoso.example"],
  });
  const now = Date.now() / 1_000;

  await credential.getToken(SCOPE);
  await credential.getToken(SCOPE, { tenantId: "contoso.example" });

  const points = ((await sdk.metric(EXPIRY))?.dataPoints ?? []) as DataPoint<number>[];
  const told = points.map(({ attributes, value }) => [attributes["entra.tenant.id"], value]);
  expect(Object.fromEntries(told)).toEqual({
    [TENANT]: now + 3_600,
    "contoso.example": now + 1_800,
  });
});

test("calls that wait and flights under way are counted while they last", async () => {
  const sdk = new Sdk().register();
  const entra = fakeEntra();
  const release = entra.holds("t");
  const credential = credentialAgainst(entra, { telemetry: { name: "active" } });
  const calls = [credential.getToken(SCOPE), credential.getToken(SCOPE)];
  await clock.advance({ ms: 1 });

  const during = await read(sdk, ACTIVE, "active");
  release();
  await Promise.all(calls);

  expect(during).toEqual([2, 1]);
  expect(await read(sdk, ACTIVE, "active")).toEqual([0, 0]);
});

test("the end of the signing certificate is told when it is known, the first of one name", async () => {
  const sdk = new Sdk().register();
  const signing = (certificateExpiresOn: number | undefined) =>
    Object.assign(async () => "an-assertion", {
      kind: "certificate" as const,
      certificateExpiresOn,
    });
  for (const expiresOn of [2_000_000_000_000, 1_900_000_000_000, undefined]) {
    credentialAgainst(fakeEntra(), {
      getAssertion: signing(expiresOn),
      telemetry: { name: "certificate" },
    });
  }
  await credentialAgainst(fakeEntra()).getToken(SCOPE);

  expect(await read(sdk, CERTIFICATE, "certificate")).toEqual([1_900_000_000]);
});

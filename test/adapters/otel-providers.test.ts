import { metrics, trace } from "@opentelemetry/api";
import { expect, test, vi } from "vitest";
import { SCOPE as EMITTER } from "../../src/telemetry/registry.ts";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";
import { rejection } from "../support/rejection.ts";

const GET_TOKEN = "ClientAssertionCredential.getToken";
const ACQUISITIONS = "entra.credential.token.acquisitions";

useCleanGlobals();

function named(name: string, entra = fakeEntra()) {
  return credentialAgainst(entra, { telemetry: { name } });
}

async function hit(credential: ReturnType<typeof named>, count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) await credential.getToken(SCOPE);
}

test("without an SDK tokens and errors come all the same", async () => {
  const credential = named("none");
  const refused = named("none-refused", fakeEntra().refuses(401, "invalid_client"));

  expect((await credential.getToken(SCOPE)).token).toBe("token-1");
  expect((await credential.getToken(SCOPE)).token).toBe("token-1");
  expect(await rejection(refused.getToken(SCOPE))).toMatchObject({ code: "ERR_TOKEN_ENDPOINT" });
});

test("providers registered after the first calls get spans at once and the counts in whole", async () => {
  const credential = named("late");
  await hit(credential, 3);

  const sdk = new Sdk().register();
  await hit(credential, 1);
  const spans = sdk.spans(GET_TOKEN);
  await hit(credential, 20);

  expect(spans).toHaveLength(1);
  expect(await sdk.counts("late")).toEqual({ authority: 1, cache: 23 });
});

test("a flight finds a meter provider registered just before it", async () => {
  await named("warm").getToken(SCOPE);

  const sdk = new Sdk().register();
  await named("found").getToken(SCOPE);

  expect(await sdk.counts("found")).toEqual({ authority: 1 });
  const durations = await sdk.durations("entra.credential.token.refresh.duration");
  expect(durations.map(({ count }) => count)).toEqual([1]);
});

test("a provider that replaces another gets what follows, and the counts in whole", async () => {
  const credential = named("replaced");
  const before = new Sdk().register();
  await hit(credential, 5);
  trace.disable();
  metrics.disable();

  const after = new Sdk().register();
  await hit(credential, 16);

  expect(before.spans(GET_TOKEN)).toHaveLength(5);
  expect(after.spans(GET_TOKEN)).toHaveLength(16);
  expect(await after.counts("replaced")).toEqual({ authority: 1, cache: 20 });
});

test("a provider that comes back keeps its instruments", async () => {
  const credential = named("back");
  const sdk = new Sdk().register();
  const meters = vi.spyOn(sdk.meterProvider, "getMeter");
  await hit(credential, 17);
  metrics.disable();
  await hit(credential, 16);
  metrics.setGlobalMeterProvider(sdk.meterProvider);

  await hit(credential, 16);

  expect(await sdk.counts("back")).toEqual({ authority: 1, cache: 48 });
  expect(meters.mock.calls).toHaveLength(1);
});

test("no span is made while no tracer provider is registered", async () => {
  const credential = named("gone");
  const sdk = new Sdk().register();
  await hit(credential, 1);
  trace.disable();

  await hit(credential, 5);

  expect(sdk.spans(GET_TOKEN)).toHaveLength(1);
});

test("metrics come from this package at its version, by the conventions it was coded against", async () => {
  const sdk = new Sdk().register();

  await named("scope").getToken(SCOPE);

  expect((await sdk.metric(ACQUISITIONS))?.scope).toEqual(EMITTER);
});

test("telemetry that is switched off emits nothing", async () => {
  const sdk = new Sdk().register();
  const credential = credentialAgainst(fakeEntra(), { telemetry: { enabled: false, name: "off" } });

  await credential.getToken(SCOPE);

  expect(sdk.spans()).toEqual([]);
  expect(await sdk.counts("off")).toEqual({});
});

import type { DataPoint } from "@opentelemetry/sdk-metrics";
import { expect, test } from "vitest";
import { ClientAssertionCredential, createResilience } from "../../src/index.ts";
import { heapInUse } from "../endurance/soak/collect-garbage.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";

const LIMIT = "entra.credential.cache.limit";

useCleanGlobals();

async function limit(sdk: Sdk): Promise<number | undefined> {
  const points = ((await sdk.metric(LIMIT))?.dataPoints ?? []) as DataPoint<number>[];
  return points.find(({ attributes }) => attributes["entra.credential.name"] === "dropped")?.value;
}

test("neither the gauges nor a shared guard keep a credential that was dropped without being closed", async () => {
  const sdk = new Sdk().register();
  const resilience = createResilience();
  const useAndDrop = async () => {
    const credential = new ClientAssertionCredential("t", "c", async () => "an-assertion", {
      transport: fakeEntra(),
      telemetry: { name: "dropped" },
      resilience,
    });
    await credential.getToken("a-scope");
    return limit(sdk);
  };

  const before = await useAndDrop();
  await heapInUse();

  expect(before).toBe(10_000);
  expect(await limit(sdk)).toBe(0);
  expect(resilience.circuit("https://login.microsoftonline.com").state).toBe("closed");
});

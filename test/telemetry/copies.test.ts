import { expect, test, vi } from "vitest";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";

const EVENT = "entra.credential.duplicate_instances";

useCleanGlobals();

async function flightOfAnotherCopy(): Promise<void> {
  vi.resetModules();
  const { ClientAssertionCredential } = await import("../../src/index.ts");
  const credential = new ClientAssertionCredential("t", "c", async () => "an-assertion", {
    transport: fakeEntra(),
  });
  await credential.getToken(SCOPE);
  await credential.close();
}

test("a second copy of the package in the process is told of once, by whoever flies next", async () => {
  const sdk = new Sdk().register();
  await credentialAgainst(fakeEntra()).getToken(SCOPE);
  expect(sdk.records(EVENT)).toEqual([]);

  await flightOfAnotherCopy();
  await flightOfAnotherCopy();

  expect(sdk.records(EVENT)).toHaveLength(1);
  expect(sdk.records(EVENT)[0]).toMatchObject({ severityText: "WARN" });
});

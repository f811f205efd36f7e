import { expect, test } from "vitest";
import { CALL, observer } from "../support/observers.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";
import { times } from "../support/times.ts";

useCleanGlobals();

// The counts are the process's, hence a file of its own.
test("of 60 names 50 are told apart, on spans as on metrics", async () => {
  const sdk = new Sdk().register();

  for (const name of times(60, (index) => `name-${index}`)) {
    observer({ name }).beginAcquisition(CALL).end({ type: "abandoned" });
  }

  const told = [...times(50, (index) => `name-${index}`), ...times(10, () => "_OTHER")];
  expect(sdk.spans().map(({ attributes }) => attributes["entra.credential.name"])).toEqual(told);
  const metric = await sdk.metric("entra.credential.token.acquisitions");
  expect(metric?.dataPoints).toHaveLength(51);
  expect(await sdk.counts("_OTHER")).toEqual({ none: 10 });
  expect(await sdk.counts("name-49")).toEqual({ none: 1 });
});

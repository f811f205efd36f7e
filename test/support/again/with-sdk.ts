import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterAll, expect } from "vitest";
import { Sdk } from "../otel-sdk.ts";

// The behavior book once more, with the real SDK attached: observing must not change a result.
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const sdk = new Sdk().register();

afterAll(async () => {
  const { scopeMetrics } = await sdk.collect();

  expect(sdk.spans(), "the SDK saw the calls of this file").not.toEqual([]);
  expect(scopeMetrics, "and its metrics").not.toEqual([]);
});

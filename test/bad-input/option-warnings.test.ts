import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { fakeEntra } from "../support/fake-entra.ts";
import { constructWith } from "./expectations.ts";

// In a file of its own: warnings come once per process.

test("1.7 options of the incumbent without effect warn once each and name ours", async () => {
  const warnings: Error[] = [];
  const listener = (warning: Error) => warnings.push(warning);
  process.on("warning", listener);
  onTestFinished(() => void process.off("warning", listener));
  const options = { transport: fakeEntra(), retryOptions: { maxRetries: 5 }, httpClient: {} };

  constructWith({ transport: fakeEntra(), loggingOptions: {}, retryOptions: undefined });
  constructWith(options);
  constructWith({ ...options, additionalPolicies: [] });
  constructWith({ ...options, additionalPolicies: [] });
  await setImmediate();

  const told = warnings.map(({ name, message }) => ({ name, message }));
  expect(told).toEqual([
    {
      name: "AffiantWarning",
      message: expect.stringMatching(/retryOptions.*resilience.maxRetries/),
    },
    { name: "AffiantWarning", message: expect.stringMatching(/httpClient.*transport/) },
    { name: "AffiantWarning", message: expect.stringMatching(/additionalPolicies.*transport/) },
  ]);
  expect(warnings[0]).toMatchObject({ code: "AFFIANT_OPTION_WITHOUT_EFFECT" });
});

test("1.7 an unknown option that looks like a slip warns once, any other is ignored", async () => {
  const warnings: string[] = [];
  const listener = ({ message }: Error) => warnings.push(message);
  process.on("warning", listener);
  onTestFinished(() => void process.off("warning", listener));

  constructWith({ transport: fakeEntra(), authortyHost: "login.example", somethingElse: 1 });
  constructWith({ transport: fakeEntra(), authortyHost: "login.example" });
  await setImmediate();

  expect(warnings).toEqual([
    "The option authortyHost is unknown and ignored. Did you mean authorityHost?",
  ]);
});

import { type ContextManager, context, logs, metrics, trace } from "@opentelemetry/api";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { heardThroughDiag } from "../sdk/support/heard-through-diag.ts";
import { useFakeClock } from "../support/clock.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";
import { useFreshCopy } from "./otel-bad-input/fresh-copy.ts";
import { life } from "./otel-bad-input/life.ts";
import { throwingAt } from "./otel-bad-input/throwing-at.ts";

const copy = useFreshCopy();
useCleanGlobals();
const clock = useFakeClock();

beforeEach(() => {
  // Both lives wait equally long.
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});

const UNSEEN = { telemetry: { enabled: false } };

/** Lives once without telemetry and once with it, and says what went wrong with the latter. */
async function expectUnharmed(
  heard: readonly string[],
  broken: string,
  options: Parameters<typeof life>[2] = {},
): Promise<void> {
  const before = await life(copy.package, clock, UNSEEN);
  vi.setSystemTime(new Date("2026-03-01T12:00:00Z"));
  const seen = await life(copy.package, clock, options);

  expect(seen).toEqual(before);
  expect(seen).toHaveLength(8);
  expect(heard).toEqual([expect.stringContaining("affiant: telemetry failed")]);
  expect(heard.join()).toContain(`${broken} is broken`);
}

describe("every call ends as without telemetry, and one warning says that it is broken, when", () => {
  test.each([
    "getTracer",
    "startSpan",
    "isRecording",
    "spanContext",
    "setAttribute",
    "setAttributes",
    "addLinks",
    "setStatus",
    "end",
  ])("a tracer provider throws at %s", async (method) => {
    const heard = heardThroughDiag();
    const { tracerProvider } = new Sdk();
    trace.setGlobalTracerProvider(throwingAt(tracerProvider, method));

    await expectUnharmed(heard, method, { telemetry: { spanAttributes: () => ({ a: 1 }) } });
  });

  test.each([
    "getMeter",
    "createCounter",
    "createHistogram",
    "createObservableCounter",
    "createObservableGauge",
    "createObservableUpDownCounter",
    "addCallback",
    "add",
    "record",
  ])("a meter provider throws at %s", async (method) => {
    const heard = heardThroughDiag();
    const { meterProvider } = new Sdk();
    metrics.setGlobalMeterProvider(throwingAt(meterProvider, method));

    await expectUnharmed(heard, method);
  });

  test.each(["getLogger", "emit"])("a logger provider throws at %s", async (method) => {
    const heard = heardThroughDiag();
    const { loggerProvider } = new Sdk();
    logs.setGlobalLoggerProvider(throwingAt(loggerProvider, method));

    await expectUnharmed(heard, method);
  });

  test.each(["active", "with"])("a context manager throws at %s", async (method) => {
    const heard = heardThroughDiag();
    context.disable();
    context.setGlobalContextManager(throwingContextManager(method));

    await expectUnharmed(heard, method);
  });

  test("all of them throw at once", async () => {
    const heard = heardThroughDiag();
    const { tracerProvider, meterProvider, loggerProvider } = new Sdk();
    trace.setGlobalTracerProvider(throwingAt(tracerProvider, "startSpan"));
    metrics.setGlobalMeterProvider(throwingAt(meterProvider, "getMeter"));
    logs.setGlobalLoggerProvider(throwingAt(loggerProvider, "getLogger"));

    await expectUnharmed(heard, "startSpan");
  });
});

function throwingContextManager(method: string): ContextManager {
  const manager: ContextManager = {
    active: () => ({
      getValue: () => undefined,
      setValue: () => manager.active(),
      deleteValue: () => manager.active(),
    }),
    with: (_context, work, self, ...args) => Reflect.apply(work, self, args),
    bind: (_context, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return throwingAt(manager, method);
}

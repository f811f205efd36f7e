import { expect, test, vi } from "vitest";
import { otlpReceiver } from "./support/otlp-receiver.ts";
import { otlpTo, run } from "./support/program.ts";

// A process takes a second to start, and several on a busy machine.
vi.setConfig({ testTimeout: 20_000 });

const SERVICE = new URL("./scripts/service.ts", import.meta.url);
const CLOSING_SERVICE = new URL("./scripts/closing-service.ts", import.meta.url);
const HANDLING_SERVICE = new URL("./scripts/handling-service.ts", import.meta.url);
const CONSIDERATE_SERVICE = new URL("./scripts/considerate-service.ts", import.meta.url);
const ONE_SPAN = new URL("./scripts/one-span.ts", import.meta.url);

const GIVES_UP_MS = 2_000;

test.each([["SIGTERM"], ["SIGINT"]] as const)(
  "%s flushes, then ends the process",
  async (signal) => {
    const receiver = await otlpReceiver();
    const program = await run({ script: SERVICE, environment: otlpTo(receiver) });
    await program.said("ready");
    program.signal(signal);

    const ending = await program.ended();

    expect(ending).toMatchObject({ exitCode: null, signal, complaints: "" });
    expect(receiver.spanNames()).toContain("served");
    expect(receiver.metricNames()).toContain("requests");
  },
);

test("a second signal does not wait for the flush", async () => {
  const receiver = await otlpReceiver(() => {});
  const program = await run({ script: SERVICE, environment: otlpTo(receiver) });
  await program.said("ready");
  program.signal("SIGTERM");
  await receiver.posted("/v1/traces", 1);
  const from = performance.now();
  program.signal("SIGTERM");

  const ending = await program.ended();

  expect(ending).toMatchObject({ signal: "SIGTERM", complaints: "" });
  expect(performance.now() - from).toBeLessThan(GIVES_UP_MS / 2);
});

test("an application that handles the signal ends by itself, and not by the signal", async () => {
  const receiver = await otlpReceiver();
  const program = await run({ script: CLOSING_SERVICE, environment: otlpTo(receiver) });
  await program.said("ready");
  program.signal("SIGTERM");

  const ending = await program.ended();

  expect(ending).toMatchObject({ exitCode: 7, signal: null, complaints: "" });
  expect(receiver.spanNames()).toEqual(["served"]);
});

test("one that handles it and calls process.exit is flushed meanwhile", async () => {
  const receiver = await otlpReceiver();
  const program = await run({ script: HANDLING_SERVICE, environment: otlpTo(receiver) });
  await program.said("ready");
  program.signal("SIGTERM");
  await Promise.all([
    program.said("closing"),
    receiver.posted("/v1/traces", 1),
    receiver.posted("/v1/metrics", 1),
  ]);
  program.goOn();

  const ending = await program.ended();

  expect(ending).toMatchObject({ exitCode: 7, signal: null, complaints: "" });
});

test("a listener that ends the process unless others listen finds itself alone", async () => {
  const receiver = await otlpReceiver();
  const environment = otlpTo(receiver);
  const program = await run({ script: CONSIDERATE_SERVICE, environment });
  await program.said("ready");
  program.signal("SIGTERM");

  const ending = await program.ended();

  expect(ending.output).toContain("cleaned up");
  expect(ending).toMatchObject({ signal: "SIGTERM", complaints: "" });
});

test("a collector that never answers holds a script for two seconds, and is told", async () => {
  const receiver = await otlpReceiver(() => {});
  // The exporters would wait for ten seconds.
  const environment = { ...otlpTo(receiver), OTEL_EXPORTER_OTLP_TIMEOUT: "10000" };
  const program = await run({ script: ONE_SPAN, environment });

  const { exitCode, endedAfterMs, warnings } = await program.ended();

  expect(exitCode).toBe(0);
  expect(endedAfterMs).toBeGreaterThanOrEqual(GIVES_UP_MS - 1);
  expect(endedAfterMs).toBeLessThan(GIVES_UP_MS * 2);
  expect(warnings).toEqual([expect.stringContaining("telemetry export timed out after 2000 ms")]);
});

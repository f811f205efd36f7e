import { logs, metrics, trace } from "@opentelemetry/api";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startTelemetry, type Telemetry } from "../../src/sdk/start-telemetry.ts";
import { localEntra } from "../real/support/entra.ts";
import { SCOPE } from "../support/credentials.ts";
import { heardThroughDiag } from "./support/heard-through-diag.ts";
import { otlpReceiver } from "./support/otlp-receiver.ts";
import { otlpTo } from "./support/program.ts";
import { useEnvironment } from "./support/use-environment.ts";

let started: Telemetry | undefined;

beforeEach(() => {
  useEnvironment({ OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" });
});

afterEach(async () => {
  await started?.shutdown();
  trace.disable();
  vi.unstubAllEnvs();
});

test("forceFlush sends what there is, and telemetry goes on", async () => {
  const receiver = await otlpReceiver();
  useEnvironment(otlpTo(receiver));
  started = await startTelemetry();
  trace.getTracer("test").startSpan("first").end();
  await started.forceFlush();
  trace.getTracer("test").startSpan("second").end();
  await started.forceFlush();

  const spans = receiver.spanNames();

  expect(spans).toEqual(["first", "second"]);
});

test("the options name the service, and the variables win over them", async () => {
  const receiver = await otlpReceiver();
  useEnvironment({ ...otlpTo(receiver), OTEL_RESOURCE_ATTRIBUTES: "service.version=from-outside" });
  started = await startTelemetry({ serviceName: "a=b, c", serviceVersion: "from-code" });
  trace.getTracer("test").startSpan("one").end();
  await started.forceFlush();

  const resource = receiver.resource();

  expect(resource).toMatchObject({ "service.name": "a=b, c", "service.version": "from-outside" });
});

test("who starts it twice gets the same, whoever was first and whatever is asked for", async () => {
  const receiver = await otlpReceiver();
  useEnvironment(otlpTo(receiver));
  const heard = heardThroughDiag();

  const [first, second] = await Promise.all([startTelemetry(), startTelemetry()]);
  const third = await startTelemetry({ serviceName: "another" });
  started = first;

  expect([second, third]).toEqual([first, first]);
  expect(third).toBe(first);
  expect(heard).toEqual([
    "affiant: telemetry was started before, and the options of a later start are ignored",
  ]);
});

test("where an SDK is registered, none is started and it is left as it is", async () => {
  const heard = heardThroughDiag();
  const ended: string[] = [];
  const processor = {
    onStart() {},
    onEnd() {},
    forceFlush: async () => void ended.push("flushed"),
    shutdown: async () => void ended.push("shut down"),
  };
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [processor] }));

  started = await startTelemetry();
  await started.forceFlush();
  await started.shutdown();

  expect(heard).toEqual([expect.stringContaining("an OpenTelemetry SDK is there (trace)")]);
  expect(ended).toEqual([]);
});

test("after shutdown nothing is registered any more, and it can be started anew", async () => {
  const receiver = await otlpReceiver();
  useEnvironment(otlpTo(receiver));
  const before = await startTelemetry();
  await before.shutdown();
  trace.getTracer("test").startSpan("between").end();

  started = await startTelemetry();
  trace.getTracer("test").startSpan("after").end();
  await started.forceFlush();

  expect(started).not.toBe(before);
  expect(receiver.spanNames()).toEqual(["after"]);
});

test("it ends with the block that uses it", async () => {
  const receiver = await otlpReceiver();
  useEnvironment(otlpTo(receiver));

  {
    await using _ = await startTelemetry();
    trace.getTracer("test").startSpan("inside").end();
  }

  expect(receiver.spanNames()).toEqual(["inside"]);
});

test("an SDK that is shut down in the middle of a call does not harm it", async () => {
  const [entra, receiver] = await Promise.all([localEntra(), otlpReceiver()]);
  useEnvironment({ ...otlpTo(receiver), OTEL_METRICS_EXPORTER: "", OTEL_LOGS_EXPORTER: "" });
  const heard = heardThroughDiag();
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  entra.authority.respondOnce(async (_, genuine) => {
    asked.resolve();
    await answer.promise;
    return genuine();
  });
  const telemetry = await startTelemetry();
  const credential = entra.credential();
  const call = credential.getToken(SCOPE);
  await asked.promise;
  await telemetry.shutdown();
  answer.resolve();

  const [first, second] = [await call, await credential.getToken(SCOPE)];

  expect(first.token).toMatch(/^ey/);
  expect(second.token).toBe(first.token);
  expect(heard).toEqual([]);
});

test("flush and shutdown resolve though nothing can be delivered, and diag is told", async () => {
  const refusing = await otlpReceiver((response) => response.writeHead(403).end());
  useEnvironment(otlpTo(refusing));
  const heard = heardThroughDiag();
  const telemetry = await startTelemetry();
  trace.getTracer("test").startSpan("one").end();
  await telemetry.forceFlush();
  trace.getTracer("test").startSpan("two").end();

  await telemetry.shutdown();

  const told = "affiant: telemetry export failed: Forbidden";
  expect(heard).toEqual([told, told]);
});

test("a flush is given up after flushTimeoutMs", async () => {
  const hanging = await otlpReceiver(() => {});
  useEnvironment({ ...otlpTo(hanging), OTEL_EXPORTER_OTLP_TIMEOUT: "10000" });
  const heard = heardThroughDiag();
  started = await startTelemetry({ flushTimeoutMs: 50 });
  trace.getTracer("test").startSpan("one").end();

  await started.forceFlush();

  expect(heard).toEqual(["affiant: telemetry export timed out after 50 ms"]);
});

test("no signal handler is registered, and the listener for the end goes with shutdown", async () => {
  const listeners = () =>
    ["SIGTERM", "SIGINT", "beforeExit"].map((event) => process.listenerCount(event));
  const [terminate, interrupt, idle = 0] = listeners();
  const telemetry = await startTelemetry();
  const during = listeners();

  await telemetry.shutdown();

  expect(during).toEqual([terminate, interrupt, idle + 1]);
  expect(listeners()).toEqual([terminate, interrupt, idle]);
});

test("what is lent to the SDK while it starts is taken back", async () => {
  const { argv, execArgv } = process;
  const environment = { ...process.env };

  started = await startTelemetry();

  expect(process.env).toEqual(environment);
  expect([process.argv, process.execArgv]).toEqual([argv, execArgv]);
  expect(process.argv).toBe(argv);
});

test("OTEL_SDK_DISABLED gives a telemetry that does nothing", async () => {
  useEnvironment({ OTEL_SDK_DISABLED: " TRUE " });

  started = await startTelemetry();
  await started.forceFlush();

  expect(metrics.getMeterProvider()).not.toHaveProperty("shutdown");
  expect(logs.getLoggerProvider()).not.toHaveProperty("shutdown");
});

test.each([
  [
    "an unknown name",
    { servicename: "x" },
    'startTelemetry has no option "servicename". Did you mean serviceName?',
  ],
  [
    "a blank name",
    { serviceName: " " },
    "serviceName must be a string that is not blank, not a blank string.",
  ],
  [
    "a name that is too long",
    { serviceName: "x".repeat(256) },
    "serviceName must have at most 255 characters.",
  ],
  [
    "a version that is no text",
    { serviceVersion: 1 },
    "serviceVersion must be a string that is not blank, not a value of type number.",
  ],
  [
    "no time at all",
    { flushTimeoutMs: 0 },
    "flushTimeoutMs must be a whole number from 1 to 60000, not 0.",
  ],
  ["an array", [], "startTelemetry takes an options object, not an array."],
])("a wrong option is refused: %s", async (_, options, message) => {
  const starting = Reflect.apply(startTelemetry, undefined, [options]);

  await expect(starting).rejects.toMatchObject({ code: "ERR_CONFIGURATION", message });
});

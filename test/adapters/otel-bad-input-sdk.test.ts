import type { RequestListener } from "node:http";
import { logs, metrics, trace } from "@opentelemetry/api";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { describe, expect, onTestFinished, test } from "vitest";
import { loopbackServer } from "../real/support/loopback-server.ts";
import { freePort } from "../sdk/support/free-port.ts";
import { heardThroughDiag } from "../sdk/support/heard-through-diag.ts";
import { CLIENT, SCOPE, TENANT } from "../support/credentials.ts";
import { type FakeEntra, fakeEntra } from "../support/fake-entra.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";
import { rejection } from "../support/rejection.ts";
import { useFreshCopy } from "./otel-bad-input/fresh-copy.ts";

const copy = useFreshCopy();
useCleanGlobals();

function credential(entra: FakeEntra) {
  const { ClientAssertionCredential } = copy.package;
  const made = new ClientAssertionCredential(TENANT, CLIENT, async () => "an-assertion", {
    transport: entra,
  });
  onTestFinished(() => made.close());
  return made;
}

/** A life of four calls: what each got. */
async function fourCalls(
  own: ReturnType<typeof credential>,
  between: () => void,
): Promise<readonly unknown[]> {
  const first = await own.getToken(SCOPE);
  between();
  const hit = await own.getToken(SCOPE);
  const error = await rejection(own.getToken(SCOPE, { forceRefresh: true }));
  const second = await own.getToken(SCOPE, { forceRefresh: true });
  return [first.token, hit.token, error, second.token];
}

const AS_ALWAYS = [
  "first",
  "first",
  expect.objectContaining({ code: "ERR_TOKEN_ENDPOINT", statusCode: 400 }),
  "second",
];

test("an SDK that is shut down in the middle of a call costs no token, and says so once for each signal", async () => {
  const heard = heardThroughDiag();
  const { tracerProvider, meterProvider, loggerProvider } = new Sdk().register();
  const entra = fakeEntra();
  const release = entra.holds("first");
  entra.refuses(400, "invalid_grant").issues("second");
  const own = credential(entra);
  const waiting = own.getToken(SCOPE);

  await Promise.all([
    tracerProvider.shutdown(),
    meterProvider.shutdown(),
    loggerProvider.shutdown(),
  ]);
  release();
  const calls = await fourCalls(own, () => {});

  expect((await waiting).token).toBe("first");
  expect(calls).toEqual(AS_ALWAYS);
  expect(heard).toEqual([
    "A shutdown MeterProvider cannot provide a Meter",
    "A shutdown LoggerProvider cannot provide a Logger",
  ]);
});

test.each([
  ["traces", ({ tracerProvider }: Sdk) => tracerProvider],
  ["metrics", ({ meterProvider }: Sdk) => meterProvider],
  ["logs", ({ loggerProvider }: Sdk) => loggerProvider],
])("the %s alone may be shut down between calls", async (_, provider) => {
  const heard = heardThroughDiag();
  const sdk = new Sdk().register();
  const entra = fakeEntra().issues("first").refuses(400, "invalid_grant").issues("second");
  const own = credential(entra);
  const gone: Promise<void>[] = [];

  const calls = await fourCalls(own, () => gone.push(provider(sdk).shutdown()));
  await Promise.all(gone);

  expect(calls).toEqual(AS_ALWAYS);
  expect(heard).toEqual([]);
});

const GARBAGE: RequestListener = (_, response) => response.end("<html>not you</html>");
const REFUSAL: RequestListener = (_, response) => response.writeHead(500).end("{{{");
const RESET: RequestListener = ({ socket }) => socket.destroy();
const SILENCE: RequestListener = () => {};

describe("calls are answered while an OTLP exporter", () => {
  test.each<[string, () => Promise<string>]>([
    ["asks where nobody listens", async () => `http://127.0.0.1:${await freePort()}`],
    ["gets a page", () => answering(GARBAGE)],
    ["is refused", () => answering(REFUSAL)],
    ["is cut off", () => answering(RESET)],
    ["gets no answer", () => answering(SILENCE)],
  ])("%s, and nothing but the SDK's own diag says so", async (_, place) => {
    const heard = heardThroughDiag();
    const sdk = exportingSdk(await place());
    const entra = fakeEntra().issues("first").refuses(400, "invalid_grant").issues("second");
    const flushed: Promise<unknown>[] = [];

    const calls = await fourCalls(credential(entra), () => flushed.push(sdk.flush()));
    await Promise.all(flushed);

    expect(calls).toEqual(AS_ALWAYS);
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.filter((words) => words.includes("affiant:"))).toEqual([]);
  });

  test("waits for an answer that does not come: none of them waits with it", async () => {
    const sdk = exportingSdk(await answering(SILENCE));
    const entra = fakeEntra().issues("first").refuses(400, "invalid_grant").issues("second");
    let isFlushed = false;
    const flushed: Promise<unknown>[] = [];

    await fourCalls(credential(entra), () => {
      flushed.push(
        sdk.flush().then(() => {
          isFlushed = true;
        }),
      );
    });

    expect(isFlushed).toBe(false);
    await Promise.all(flushed);
  });
});

async function answering(answer: RequestListener): Promise<string> {
  const { origin } = await loopbackServer(answer);
  return origin;
}

// Long enough for all calls, short enough to wait for.
const EXPORT_TIMEOUT_MS = 300;

/** The real SDK with the real exporters, registered. */
function exportingSdk(origin: string): { flush(): Promise<unknown> } {
  const to = (path: string) => ({ url: `${origin}/${path}`, timeoutMillis: EXPORT_TIMEOUT_MS });
  const spans = { exporter: new OTLPTraceExporter(to("v1/traces")) };
  const tracerProvider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor(spans)] });
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(to("v1/metrics")),
  });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const records = { exporter: new OTLPLogExporter(to("v1/logs")) };
  const loggerProvider = new LoggerProvider({ processors: [new BatchLogRecordProcessor(records)] });
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(meterProvider);
  logs.setGlobalLoggerProvider(loggerProvider);
  const all = [tracerProvider, meterProvider, loggerProvider];
  onTestFinished(async () => void (await Promise.allSettled(all.map((one) => one.shutdown()))));
  return { flush: () => Promise.allSettled(all.map((one) => one.forceFlush())) };
}

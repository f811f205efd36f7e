import type { IncomingMessage } from "node:http";
import { AzureLogger, setLogLevel } from "@azure/logger";
import { DiagLogLevel, diag, logs, metrics, trace } from "@opentelemetry/api";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { onTestFinished, vi } from "vitest";
import { loopbackServer } from "../real/support/loopback-server.ts";

/** What left a process on one way out, byte by byte: each byte a character. */
export type Exit =
  | "OTLP /v1/traces"
  | "OTLP /v1/metrics"
  | "OTLP /v1/logs"
  | "the Prometheus page"
  | "@azure/logger"
  | "diag"
  | "the output";

/** All ways by which telemetry leaves a process, at their most talkative. */
export interface Exits {
  /** Lets everything out that is on its way and gives what left so far. */
  opened(): Promise<ReadonlyMap<Exit, string>>;
}

/** Keeps what is posted to it, with the headers. */
export interface RawReceiver {
  readonly origin: string;
  readonly posts: ReadonlyMap<string, string>;
}

/** A collector that understands nothing and keeps every byte, until the test ends. */
export async function rawReceiver(): Promise<RawReceiver> {
  const posts = new Map<string, string>();
  const { origin } = await loopbackServer((request, response) => {
    void bytesOf(request).then((bytes) => {
      const { url = "" } = request;
      const kept = posts.get(url) ?? "";
      posts.set(url, `${kept}${request.rawHeaders.join("\n")}\n${bytes}\n`);
      response.end();
    });
  });
  return { origin, posts };
}

/** Opens the exits until the test ends: the real SDK with the real exporters. */
export async function openExits(): Promise<Exits> {
  const words = watchWords();
  const { origin, posts } = await rawReceiver();
  const prometheus = new PrometheusExporter({ preventServerStart: true });
  const page = await loopbackServer((request, response) =>
    prometheus.getMetricsRequestHandler(request, response),
  );
  const providers = registered(origin, prometheus);
  onTestFinished(async () => {
    await Promise.all(providers.map((provider) => provider.shutdown()));
    for (const api of [trace, metrics, logs, diag]) api.disable();
  });
  return {
    opened: async () => {
      await Promise.all(providers.map((provider) => provider.forceFlush()));
      const scraped = await fetch(`${page.origin}/metrics`);
      return new Map<Exit, string>([
        ["OTLP /v1/traces", posts.get("/v1/traces") ?? ""],
        ["OTLP /v1/metrics", posts.get("/v1/metrics") ?? ""],
        ["OTLP /v1/logs", posts.get("/v1/logs") ?? ""],
        ["the Prometheus page", Buffer.from(await scraped.arrayBuffer()).toString("latin1")],
        ...words(),
      ]);
    },
  };
}

function registered(origin: string, prometheus: PrometheusExporter) {
  const traces = new OTLPTraceExporter({ url: `${origin}/v1/traces` });
  const points = new OTLPMetricExporter({ url: `${origin}/v1/metrics` });
  const records = new OTLPLogExporter({ url: `${origin}/v1/logs` });
  const tracerProvider = new TracerProvider({
    spanProcessors: [new BatchSpanProcessor({ exporter: traces })],
  });
  const meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: points }), prometheus],
  });
  const loggerProvider = new LoggerProvider({
    processors: [new BatchLogRecordProcessor({ exporter: records })],
  });
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(meterProvider);
  logs.setGlobalLoggerProvider(loggerProvider);
  return [tracerProvider, meterProvider, loggerProvider];
}

/** Listens to all that is written in words; gives what was said so far. */
function watchWords(): () => readonly (readonly [Exit, string])[] {
  const said = { lines: "", diag: "", output: "" };
  const hear =
    (where: keyof typeof said) =>
    (...words: readonly unknown[]): void => {
      said[where] += `${words.map(String).join(" ")}\n`;
    };
  const { log } = AzureLogger;
  AzureLogger.log = hear("lines");
  setLogLevel("verbose");
  const tell = hear("diag");
  const listener = { error: tell, warn: tell, info: tell, debug: tell, verbose: tell };
  diag.setLogger(listener, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((text) => {
      said.output += Buffer.from(text).toString("latin1");
      return true;
    }),
  );
  onTestFinished(() => {
    AzureLogger.log = log;
    setLogLevel(undefined);
    for (const spy of spies) spy.mockRestore();
  });
  return () => [
    ["@azure/logger", said.lines],
    ["diag", said.diag],
    ["the output", said.output],
  ];
}

async function bytesOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("latin1");
}

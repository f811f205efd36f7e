import { createServer, type IncomingMessage } from "node:http";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { afterAll, beforeAll } from "vitest";
import type { OtlpBodies } from "./from-otlp.ts";
import type { Recording } from "./recorder.ts";

type Exported = (result: { readonly code: number; readonly error?: Error }) => void;

/** Sends recordings through the real OTLP exporters and reads what arrives. */
export interface OtlpReceiver {
  sent(recording: Recording): Promise<OtlpBodies>;
}

/** A receiver for the tests of a file, on loopback. Needs real timers while something is sent. */
export function useOtlpReceiver(): OtlpReceiver {
  let bodies: OtlpBodies = {};
  const server = createServer(async (request, response) => {
    const body: OtlpBodies = JSON.parse(await textOf(request));
    bodies = { ...bodies, ...body };
    response.setHeader("content-type", "application/json").end("{}");
  });
  let exporters: ReturnType<typeof exportersTo>;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    exporters = exportersTo(`http://127.0.0.1:${address.port}`);
  });
  afterAll(async () => {
    await Promise.all([exporters.traces, exporters.metrics, exporters.logs].map(shutdown));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  return {
    sent: async ({ spans, resourceMetrics, records }) => {
      bodies = {};
      const { traces, metrics, logs } = exporters;
      await Promise.all([
        exported((done) => traces.export(spans, done)),
        exported((done) => metrics.export(resourceMetrics, done)),
        exported((done) => logs.export(records, done)),
      ]);
      return bodies;
    },
  };
}

function exportersTo(origin: string) {
  return {
    traces: new OTLPTraceExporter({ url: `${origin}/v1/traces` }),
    metrics: new OTLPMetricExporter({ url: `${origin}/v1/metrics` }),
    logs: new OTLPLogExporter({ url: `${origin}/v1/logs` }),
  };
}

function exported(run: (done: Exported) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    run(({ code, error }) => {
      if (code === 0) resolve();
      else reject(error ?? new Error("the exporter failed"));
    });
  });
}

async function shutdown(exporter: { shutdown(): Promise<void> }): Promise<void> {
  await exporter.shutdown();
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

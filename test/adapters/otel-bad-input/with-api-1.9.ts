import * as api from "@opentelemetry/api";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { ClientAssertionCredential, type EndpointResponse } from "../../../src/index.ts";

// A program whose OpenTelemetry API has no logs yet. It prints what it saw as JSON.

class ManualReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

const SCOPE = "https://vault.azure.net/.default";

const warnings: string[] = [];
const hear = (...words: readonly unknown[]) => void warnings.push(words.join(" "));
api.diag.setLogger({ error: hear, warn: hear, info() {}, debug() {}, verbose() {} });

const exporter = new InMemorySpanExporter();
const reader = new ManualReader();
api.trace.setGlobalTracerProvider(
  new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
);
api.metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));

const answers: EndpointResponse[] = [
  granted("first"),
  { status: 400, headers: {}, body: '{"error":"invalid_grant"}' },
];
const credential = new ClientAssertionCredential(
  "contoso.example",
  "client",
  async () => "an-assertion",
  { transport: { post: async () => answers.shift() ?? granted("second") } },
);
const first = await credential.getToken(SCOPE);
const hit = await credential.getToken(SCOPE);
const failure = await credential
  .getToken(SCOPE, { forceRefresh: true })
  .catch((error: unknown) => error);
const { resourceMetrics } = await reader.collect();
await credential.close();

process.stdout.write(
  JSON.stringify({
    hasLogs: "logs" in api,
    tokens: [first.token, hit.token],
    failure: failure instanceof Error ? failure.name : "none",
    spans: exporter.getFinishedSpans().map(({ name }) => name),
    metrics: resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics.map(({ descriptor }) => descriptor.name),
    ),
    warnings,
  }),
);

function granted(token: string): EndpointResponse {
  const body = { token_type: "Bearer", expires_in: 3600, access_token: token };
  return { status: 200, headers: {}, body: JSON.stringify(body) };
}

import { once } from "node:events";
import { createServer } from "node:http";
import { metrics } from "@opentelemetry/api";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { portOf } from "../../chaos/support/door.ts";

/** The page on which the real exporter offers the metrics of this process. */
export interface MetricsPage extends AsyncDisposable {
  /** Host and port, as Prometheus wants a target. */
  readonly target: string;
  read(): Promise<string>;
}

/** Registers the SDK with the exporter, on a free port of the loopback address. */
export async function serveMetrics(): Promise<MetricsPage> {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [exporter] });
  metrics.setGlobalMeterProvider(provider);
  // The exporter's own server cannot be asked for a free port.
  const server = createServer((request, response) =>
    exporter.getMetricsRequestHandler(request, response),
  ).listen(0, "127.0.0.1");
  await once(server, "listening");
  const target = `127.0.0.1:${portOf(server.address())}`;
  return {
    target,
    read: async () => (await fetch(`http://${target}/metrics`)).text(),
    [Symbol.asyncDispose]: async () => {
      metrics.disable();
      await provider.shutdown();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

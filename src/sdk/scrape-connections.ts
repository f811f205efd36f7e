import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Server, Socket } from "node:net";
import { variable } from "./environment.ts";

const REQUEST_STARTS = "http.server.request.start";
const DEFAULT_PORT = 9464;

/**
 * Lets the process end though a scraper keeps its connection open. The Prometheus exporter does not
 * hold a process, but connections to it do, for five seconds after each request: a program that is
 * scraped as often would never end.
 */
export function releaseScrapeConnections(): void {
  const exporters = variable("OTEL_METRICS_EXPORTER")?.split(",") ?? [];
  if (!exporters.some((exporter) => exporter.trim() === "prometheus")) return;
  unsubscribe(REQUEST_STARTS, release);
  subscribe(REQUEST_STARTS, release);
}

function release(request: unknown): void {
  if (typeof request !== "object" || request === null) return;
  if (!("server" in request && request.server instanceof Server)) return;
  if (!("socket" in request && request.socket instanceof Socket)) return;
  const address = request.server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  if (port === scrapedPort()) request.socket.unref();
}

function scrapedPort(): number {
  return Number(variable("OTEL_EXPORTER_PROMETHEUS_PORT") ?? DEFAULT_PORT);
}

import { diag } from "@opentelemetry/api";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { startTelemetry } from "../../src/sdk/start-telemetry.ts";
import { localEntra } from "../real/support/entra.ts";
import { SCOPE } from "../support/credentials.ts";
import { heardThroughDiag } from "./support/heard-through-diag.ts";
import { useEnvironment } from "./support/use-environment.ts";

// Nobody gives `diag` a logger in this file, and nothing of what is sent arrives.
const UNREACHABLE = {
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
  OTEL_EXPORTER_OTLP_TIMEOUT: "1",
  OTEL_TRACES_EXPORTER: "none",
  OTEL_METRICS_EXPORTER: "none",
  OTEL_LOGS_EXPORTER: "none",
};

afterEach(() => vi.unstubAllEnvs());

test("signals whose exporter is none are not sent, without a word", async () => {
  useEnvironment(UNREACHABLE);
  const warnings = warningsFromNow();

  const telemetry = await startTelemetry();
  await telemetry.shutdown();

  expect(await warnings()).toEqual([]);
});

test.each([
  ["an exporter that does not exist", { OTEL_TRACES_EXPORTER: "bogus" }, /value: bogus\./],
  [
    "an endpoint that is no URL",
    { OTEL_TRACES_EXPORTER: "otlp", OTEL_EXPORTER_OTLP_ENDPOINT: "https//me:pass@there" },
    /export URL: 'https\/\/\[redacted\]@there'/,
  ],
  [
    "a sampler that does not exist",
    { OTEL_TRACES_EXPORTER: "otlp", OTEL_TRACES_SAMPLER: "sometimes" },
    /OTEL_TRACES_SAMPLER value "sometimes/,
  ],
  [
    "an interval that is no number",
    { OTEL_METRICS_EXPORTER: "otlp", OTEL_METRIC_EXPORT_INTERVAL: "often" },
    /'often' for OTEL_METRIC_EXPORT_INTERVAL/,
  ],
])("%s is one warning, and the credential works", async (_, variables, told) => {
  useEnvironment({ ...UNREACHABLE, ...variables });
  const entra = await localEntra();
  const warnings = warningsFromNow();

  const telemetry = await startTelemetry();
  const { token } = await entra.credential().getToken(SCOPE);
  const heard = await warnings();
  await telemetry.shutdown();

  expect(heard).toEqual([expect.objectContaining({ code: "AFFIANT_TELEMETRY" })]);
  expect(heard[0]?.message).toMatch(told);
  expect(token).toMatch(/^ey/);
});

test("an application that gives diag a logger of its own later hears of the rest, and nothing is said of that", async () => {
  useEnvironment(UNREACHABLE);
  const warnings = warningsFromNow();
  const telemetry = await startTelemetry();

  const heard = heardThroughDiag();
  diag.warn("something else");
  await telemetry.shutdown();

  expect(heard).toEqual(["something else"]);
  expect(await warnings()).toEqual([]);
});

/** Node's own listener, which prints them, is away meanwhile. */
function warningsFromNow(): () => Promise<readonly Error[]> {
  const warnings: Error[] = [];
  const usual = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => void warnings.push(warning));
  // A warning comes a turn after what it is about.
  const soFar = () => new Promise<Error[]>((give) => setImmediate(() => give([...warnings])));
  onTestFinished(async () => {
    await soFar();
    process.removeAllListeners("warning");
    for (const listener of usual) process.on("warning", listener);
  });
  return soFar;
}

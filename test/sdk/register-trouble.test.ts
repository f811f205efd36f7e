import { expect, test, vi } from "vitest";
import { localEntra } from "../real/support/entra.ts";
import { freePort } from "./support/free-port.ts";
import { otlpReceiver } from "./support/otlp-receiver.ts";
import { otlpTo, run, runToEnd } from "./support/program.ts";

// A process takes a second to start, and several on a busy machine.
vi.setConfig({ testTimeout: 20_000 });

const ONE_CALL = new URL("./scripts/one-call.ts", import.meta.url);
const ONE_SPAN = new URL("./scripts/one-span.ts", import.meta.url);
const CALLED_UNTIL_TOLD = new URL("./scripts/called-until-told.ts", import.meta.url);

test("where nobody listens, the call works, the script ends soon, and one line tells", async () => {
  const [entra, port] = await Promise.all([localEntra(), freePort()]);
  const environment = otlpTo({ origin: `http://127.0.0.1:${port}` });

  const program = await runToEnd({ script: ONE_CALL, environment, entra });

  expect(program).toMatchObject({ exitCode: 0, output: ["token", expect.any(String)] });
  expect(program.warnings).toEqual([
    expect.stringContaining(`export failed: connect ECONNREFUSED 127.0.0.1:${port}`),
  ]);
  expect(program.endedAfterMs).toBeLessThan(3_000);
});

test("a collector that refuses is told once, not at each interval", async () => {
  const refused = otlpReceiver((response) => response.writeHead(401).end("secret reasons"));
  const [entra, receiver] = await Promise.all([localEntra(), refused]);
  const environment = { ...otlpTo(receiver), OTEL_METRIC_EXPORT_INTERVAL: "50" };
  const program = await run({ script: CALLED_UNTIL_TOLD, environment, entra });
  await receiver.posted("/v1/metrics", 5);
  program.goOn();

  const { exitCode, output, warnings, complaints } = await program.ended();

  expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: ["token", expect.anything()] });
  expect(warnings).toEqual([expect.stringContaining("Unauthorized")]);
  expect(complaints).not.toContain("secret reasons");
});

test("OTEL_LOG_LEVEL asks for the SDK's own words, and gets them alone", async () => {
  const environment = {
    OTEL_TRACES_EXPORTER: "bogus",
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
    OTEL_LOG_LEVEL: "warn",
  };

  const { complaints } = await runToEnd({ script: ONE_SPAN, environment });

  expect(complaints.split("\n")).toContain("Unrecognized OTEL_TRACES_EXPORTER value: bogus.");
  expect(complaints).not.toContain("AffiantWarning");
});

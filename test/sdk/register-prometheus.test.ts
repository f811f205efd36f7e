import { createServer } from "node:net";
import { expect, test, vi } from "vitest";
import { localEntra } from "../real/support/entra.ts";
import { freePort } from "./support/free-port.ts";
import { run } from "./support/program.ts";

// A process takes a second to start, and several on a busy machine.
vi.setConfig({ testTimeout: 20_000 });

const CALLED_UNTIL_TOLD = new URL("./scripts/called-until-told.ts", import.meta.url);

test("Prometheus scrapes a page on the loopback address, and its connection does not hold the process", async () => {
  const [entra, port] = await Promise.all([localEntra(), freePort()]);
  const program = await run({ script: CALLED_UNTIL_TOLD, environment: prometheusAt(port), entra });
  await program.said("token");

  const answer = await fetch(`http://localhost:${port}/metrics`);
  const page = await answer.text();
  program.goOn();
  const { endedAfterMs, ...ending } = await program.ended();

  expect(answer.status).toBe(200);
  expect(page).toMatch(/^entra_credential_token_acquisitions_total\{.*\} 1$/m);
  expect(page).toContain('target_info{service_name="affiant"');
  expect(ending).toMatchObject({ exitCode: 0, complaints: "" });
  expect(endedAfterMs).toBeLessThan(1_000);
});

test("a port that is taken is one warning, and the credential works", async () => {
  const [entra, port] = await Promise.all([localEntra(), freePort()]);
  const occupant = createServer();
  await new Promise<void>((listening) => occupant.listen(port, "127.0.0.1", listening));
  const environment = { ...prometheusAt(port), OTEL_EXPORTER_PROMETHEUS_HOST: "127.0.0.1" };
  const program = await run({ script: CALLED_UNTIL_TOLD, environment, entra });
  await program.said("token");
  program.goOn();

  const { exitCode, warnings } = await program.ended();
  occupant.close();

  expect(exitCode).toBe(0);
  expect(warnings).toEqual([expect.stringContaining("EADDRINUSE: address already in use")]);
});

function prometheusAt(port: number): Record<string, string> {
  return {
    OTEL_METRICS_EXPORTER: "prometheus",
    OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    OTEL_TRACES_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  };
}

import { expect, test, vi } from "vitest";
import { runToEnd } from "./support/program.ts";
import { installedWithoutSdk } from "./support/without-sdk.ts";

// A process takes a second to start, and several on a busy machine.
vi.setConfig({ testTimeout: 20_000 });

const MISSING =
  "Telemetry was asked for, but @opentelemetry/sdk-node is not installed. Run: npm install @opentelemetry/sdk-node";

test("affiant/register without the SDK is one warning, and the application runs", async () => {
  const { register, script } = await installedWithoutSdk();
  const application = await script('console.log("runs");');

  const program = await runToEnd({ script: application, imports: [register] });

  expect(program).toMatchObject({ exitCode: 0, output: ["runs"] });
  expect(program.warnings).toEqual([expect.stringMatching(new RegExp(`: ${MISSING}$`))]);
});

test("startTelemetry without the SDK rejects with ERR_CONFIGURATION and the command that installs it", async () => {
  const { script } = await installedWithoutSdk();
  const application = await script(`
    import { startTelemetry } from "./src/sdk/start-telemetry.ts";
    await startTelemetry().catch(({ code, message }) => console.log(code + ": " + message));
  `);

  const program = await runToEnd({ script: application, imports: [] });

  expect(program).toMatchObject({ exitCode: 0, complaints: "" });
  expect(program.output).toEqual([`ERR_CONFIGURATION: ${MISSING}`]);
});

test("with OTEL_SDK_DISABLED nobody misses it", async () => {
  const { register, script } = await installedWithoutSdk();
  const application = await script('console.log("runs");');
  const environment = { OTEL_SDK_DISABLED: "true" };

  const program = await runToEnd({ script: application, imports: [register], environment });

  expect(program).toMatchObject({ exitCode: 0, output: ["runs"], complaints: "" });
});

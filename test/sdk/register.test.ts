import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { localEntra } from "../real/support/entra.ts";
import { otlpReceiver } from "./support/otlp-receiver.ts";
import { otlpTo, runToEnd } from "./support/program.ts";

// A process takes a second to start, and several on a busy machine.
vi.setConfig({ testTimeout: 20_000 });

const ONE_CALL = new URL("./scripts/one-call.ts", import.meta.url);

test("spans, metrics and log records arrive before a script ends", async () => {
  const [entra, receiver] = await Promise.all([localEntra(), otlpReceiver()]);

  const program = await runToEnd({ script: ONE_CALL, environment: otlpTo(receiver), entra });

  expect(program).toMatchObject({ exitCode: 0, complaints: "" });
  expect(receiver.spanNames()).toEqual(
    expect.arrayContaining([
      "ClientAssertionCredential.getToken",
      "entra.credential.refresh",
      "entra.credential.assertion",
      "POST",
    ]),
  );
  expect(receiver.metricNames()).toContain("entra.credential.token.acquisitions");
  expect(receiver.eventNames()).toContain("program.called");
});

test("the resource tells the service by its package, process and host, and no argument", async () => {
  const [entra, receiver] = await Promise.all([localEntra(), otlpReceiver()]);

  await runToEnd({ script: ONE_CALL, environment: otlpTo(receiver), entra });

  expect(receiver.resource()).toMatchObject({
    "service.name": "affiant",
    "service.version": expect.stringMatching(/^\d+\.\d+\.\d+/),
    "service.instance.id": expect.any(String),
    "telemetry.sdk.name": "opentelemetry",
    "process.pid": expect.anything(),
    "host.name": expect.any(String),
    "process.command_args": {
      values: [{ stringValue: process.execPath }, { stringValue: expect.stringMatching(/\.ts$/) }],
    },
  });
  expect(receiver.text()).not.toContain("authorityHost");
});

test("the standard variables win over what the package says, and protobuf is what is spoken by default", async () => {
  const [entra, receiver] = await Promise.all([localEntra(), otlpReceiver()]);

  await runToEnd({
    script: ONE_CALL,
    entra,
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.origin,
      OTEL_SERVICE_NAME: "the-service",
      OTEL_RESOURCE_ATTRIBUTES: "service.version=9.8.7,deployment.environment.name=the-stage",
    },
  });

  expect(new Set(receiver.contentTypes)).toEqual(new Set(["application/x-protobuf"]));
  expect(new Set(receiver.paths)).toEqual(new Set(["/v1/traces", "/v1/metrics", "/v1/logs"]));
  for (const known of ["the-service", "9.8.7", "the-stage"]) {
    expect(receiver.text()).toContain(known);
  }
});

test("a configuration file takes the place of the other variables", async () => {
  const [entra, receiver] = await Promise.all([localEntra(), otlpReceiver()]);
  const file = join(await mkdtemp(join(tmpdir(), "affiant-otel-")), "otel.yaml");
  onTestFinished(() => rm(dirname(file), { recursive: true }));
  await writeFile(
    file,
    `file_format: "1.0"
resource: { attributes: [{ name: service.name, value: from-the-file }] }
tracer_provider:
  processors: [{ batch: { exporter: { otlp_http: { endpoint: "${receiver.origin}/v1/traces" } } } }]
`,
  );

  const program = await runToEnd({
    script: ONE_CALL,
    entra,
    environment: { OTEL_CONFIG_FILE: file },
  });

  expect(program).toMatchObject({ exitCode: 0, complaints: "" });
  expect(receiver.text()).toContain("from-the-file");
  expect(receiver.text()).toContain("ClientAssertionCredential.getToken");
});

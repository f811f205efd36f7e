import { expect, test, vi } from "vitest";
import { localEntra } from "../real/support/entra.ts";
import { otlpReceiver } from "./support/otlp-receiver.ts";
import { otlpTo, REGISTER, runToEnd } from "./support/program.ts";

// A process takes a second to start, and several on a busy machine.
vi.setConfig({ testTimeout: 20_000 });

const ONE_CALL = new URL("./scripts/one-call.ts", import.meta.url);
const OWN_SDK = new URL("./scripts/own-sdk.ts", import.meta.url);
const LATE_OWN_SDK = new URL("./scripts/late-own-sdk.ts", import.meta.url);
const OLDER_API = new URL("./scripts/older-api.ts", import.meta.url);
const WORKER = new URL("./scripts/worker.ts", import.meta.url);

test("an SDK that is there is left alone, and told so through diag", async () => {
  const [entra, receiver] = await Promise.all([localEntra(), otlpReceiver()]);
  const imports = [OWN_SDK, REGISTER];

  const program = await runToEnd({
    script: ONE_CALL,
    imports,
    environment: otlpTo(receiver),
    entra,
  });

  expect(program).toMatchObject({ exitCode: 0, complaints: "" });
  expect(program.output).toEqual([
    "affiant: an OpenTelemetry SDK is there (trace, metrics, logs). It is left alone, and no other one started.",
    "token",
    expect.anything(),
  ]);
  expect(receiver.resource()).toMatchObject({ "service.name": "own-sdk" });
  expect(receiver.spanNames().filter((name) => name === "entra.credential.refresh")).toHaveLength(
    1,
  );
});

test("an SDK that the application starts later is not used, and one warning says so", async () => {
  const receiver = await otlpReceiver();

  const program = await runToEnd({ script: LATE_OWN_SDK, environment: otlpTo(receiver) });

  expect(program.exitCode).toBe(0);
  expect(program.warnings).toEqual([expect.stringContaining("Start only one")]);
  expect(receiver.resource()).toMatchObject({ "service.name": "affiant" });
  expect(receiver.spanNames()).toEqual(["one"]);
});

test("copies of the API that do not go together are an error that names them", async () => {
  const program = await runToEnd({ script: OLDER_API, imports: [] });

  expect(program).toMatchObject({ exitCode: 0, complaints: "" });
  expect(program.output).toEqual([
    expect.stringMatching(/^ERR_CONFIGURATION: .* See: npm ls @opentelemetry\/api$/),
  ]);
});

test("each thread has an SDK, since the API is one per thread", async () => {
  const receiver = await otlpReceiver();

  const program = await runToEnd({ script: WORKER, environment: otlpTo(receiver) });

  expect(program).toMatchObject({ exitCode: 0, complaints: "" });
  expect(receiver.spanNames().toSorted()).toEqual(["in a worker", "in the main thread"]);
});

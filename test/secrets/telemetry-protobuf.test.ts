import { logs, metrics, trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { ASSERTIONS, JWT_ASSERTION, OPAQUE_ASSERTION, TOKEN } from "./canaries.ts";
import { type RawReceiver, rawReceiver } from "./exits.ts";
import { CLAIMS, DESCRIPTION } from "./knowing-authority.ts";
import { leaksInBytes } from "./leaks-in-bytes.ts";
import { playScene } from "./play-scene.ts";
import { SCENES } from "./telemetry-scenes.ts";

const SECRETS = [...ASSERTIONS, TOKEN, CLAIMS, DESCRIPTION];

afterEach(() => vi.unstubAllEnvs());

/** The SDK as `NodeSDK` makes it of the environment alone: OTLP in protobuf. */
async function startedSdk(): Promise<{ readonly receiver: RawReceiver; stop(): Promise<void> }> {
  const receiver = await rawReceiver();
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.origin);
  vi.stubEnv("OTEL_METRICS_EXPORTER", "otlp");
  vi.stubEnv("OTEL_LOGS_EXPORTER", "otlp");
  const sdk = new NodeSDK({ autoDetectResources: false });
  sdk.start();
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= sdk.shutdown());
  onTestFinished(async () => {
    await stop();
    for (const api of [trace, metrics, logs]) api.disable();
  });
  return { receiver, stop };
}

test.each(ASSERTIONS)(
  "no secret is in OTLP's protobuf, whatever happens, the assertion being $what",
  async (assertion) => {
    const { receiver, stop } = await startedSdk();

    for (const scene of SCENES) await playScene(scene, assertion);
    await stop();

    const leaks = [...receiver.posts].flatMap(([path, bytes]) =>
      leaksInBytes(bytes, SECRETS).map((what) => `${what} in ${path}`),
    );
    expect(leaks).toEqual([]);
    expect([...receiver.posts.keys()].sort()).toEqual(["/v1/logs", "/v1/metrics", "/v1/traces"]);
    for (const bytes of receiver.posts.values()) expect(bytes).toContain("application/x-protobuf");
  },
);

test("a secret that is planted is found in protobuf", async () => {
  const { receiver, stop } = await startedSdk();

  const scene = { name: "planted", options: { telemetry: { name: TOKEN.secret } } };
  await playScene(scene, JWT_ASSERTION);
  await stop();

  for (const bytes of receiver.posts.values()) {
    expect(leaksInBytes(bytes, [TOKEN, OPAQUE_ASSERTION])).toEqual([TOKEN.what]);
  }
  expect(receiver.posts.size).toBe(3);
});

import { AzureLogger } from "@azure/logger";
import { diag } from "@opentelemetry/api";
import { describe, expect, onTestFinished, test } from "vitest";
import { ClientAssertionCredential } from "../../src/index.ts";
import { CLIENT, SCOPE, TENANT } from "../support/credentials.ts";
import { useCleanGlobals } from "../support/otel-sdk.ts";
import { ASSERTIONS, OPAQUE_ASSERTION, TOKEN } from "./canaries.ts";
import { type Exit, type Exits, openExits } from "./exits.ts";
import { CLAIMS, DESCRIPTION, KnowingAuthority } from "./knowing-authority.ts";
import { leaksInBytes } from "./leaks-in-bytes.ts";
import { playScene } from "./play-scene.ts";
import { SCENES } from "./telemetry-scenes.ts";

const SECRETS = [...ASSERTIONS, TOKEN, CLAIMS, DESCRIPTION];

useCleanGlobals();

/** Which secrets left by which exit. */
async function leaksOf(exits: Exits): Promise<readonly string[]> {
  const opened = await exits.opened();
  return [...opened].flatMap(([exit, bytes]) =>
    leaksInBytes(bytes, SECRETS).map((what) => `${what} by ${exit}`),
  );
}

describe.each(ASSERTIONS)(
  "by no exit leaves a secret, the assertion being $what, when",
  (assertion) => {
    test.each(SCENES)("$name", async (scene) => {
      const exits = await openExits();

      await playScene(scene, assertion);

      expect(await leaksOf(exits)).toEqual([]);
    });
  },
);

test("something leaves by every exit but the output, or the silence would prove nothing", async () => {
  const exits = await openExits();

  for (const scene of SCENES) await playScene(scene, OPAQUE_ASSERTION);

  const bytes = await exits.opened();
  const empty = [...bytes].filter(([, left]) => left === "").map(([exit]) => exit);
  expect(empty).toEqual(["the output"]);
  expect(bytes.get("OTLP /v1/traces")).toContain("ClientAssertionCredential.getToken");
  expect(bytes.get("OTLP /v1/metrics")).toContain("entra.credential.token.acquisitions");
  expect(bytes.get("OTLP /v1/logs")).toContain("entra.credential.token.refresh.failed");
  expect(bytes.get("the Prometheus page")).toContain("entra_credential_token_acquisitions_total");
  expect(bytes.get("@azure/logger")).toContain("azure:affiant:verbose");
  expect(bytes.get("diag")).not.toBe("");
});

test("a secret that is planted is found at every exit", async () => {
  const exits = await openExits();
  const planted = new ClientAssertionCredential(TENANT, CLIENT, async () => "an-assertion", {
    transport: new KnowingAuthority(),
    telemetry: { name: TOKEN.secret, spanAttributes: () => ({ own: OPAQUE_ASSERTION.secret }) },
  });
  onTestFinished(() => planted.close());
  await planted.getToken(SCOPE);
  AzureLogger.log(TOKEN.secret);
  diag.verbose(TOKEN.secret);
  process.stderr.write(TOKEN.secret);

  const leaks = await leaksOf(exits);

  const everywhere: readonly Exit[] = [
    "OTLP /v1/traces",
    "OTLP /v1/metrics",
    "OTLP /v1/logs",
    "the Prometheus page",
    "@azure/logger",
    "diag",
    "the output",
  ];
  expect(leaks).toEqual(expect.arrayContaining(everywhere.map((exit) => `a token by ${exit}`)));
  expect(leaks).toContain("no JWT by OTLP /v1/traces");
});

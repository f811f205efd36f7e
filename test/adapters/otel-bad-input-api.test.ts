import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

const OLDER_API = new URL("./otel-bad-input/api-1.9.ts", import.meta.url);
const PROGRAM = fileURLToPath(new URL("./otel-bad-input/with-api-1.9.ts", import.meta.url));

test("with an OpenTelemetry API of 1.9, which has no logs, calls, spans and metrics are as ever", async () => {
  const { stdout, stderr } = await run(process.execPath, ["--import", OLDER_API.href, PROGRAM]);
  const { metrics, ...seen } = JSON.parse(stdout);

  expect(seen).toEqual({
    hasLogs: false,
    tokens: ["first", "first"],
    failure: "TokenEndpointError",
    spans: [
      "entra.credential.assertion",
      "POST",
      "entra.credential.refresh",
      "ClientAssertionCredential.getToken",
      "ClientAssertionCredential.getToken",
      "entra.credential.assertion",
      "POST",
      "entra.credential.refresh",
      "ClientAssertionCredential.getToken",
    ],
    warnings: [],
  });
  expect(metrics).toEqual(
    expect.arrayContaining([
      "entra.credential.token.acquisitions",
      "entra.credential.token.refresh.duration",
      "entra.credential.authority.request.duration",
    ]),
  );
  expect(stderr).toBe("");
});

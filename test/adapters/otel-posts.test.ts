import { SpanStatusCode } from "@opentelemetry/api";
import { expect, test } from "vitest";
import type { AttemptOutcome } from "../../src/core/events.ts";
import {
  AcquisitionTimeoutError,
  MalformedResponseError,
  TransportError,
} from "../../src/domain/errors.ts";
import { FLIGHT, ISSUED, observer } from "../support/observers.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";

useCleanGlobals();

function attemptAt(url: string, outcome: AttemptOutcome): void {
  const flight = observer().beginFlight(FLIGHT);
  flight.beginAttempt({ attempt: 1, url }).end(outcome);
  flight.end(ISSUED);
}

test.each([
  ["https://login.test/t/token?secret=1#part", "login.test", 443, "https://login.test/t/token"],
  ["https://user:pass@login.test:8443/t", "login.test", 8443, "https://login.test:8443/t"],
  ["http://[::1]:5000/t", "::1", 5000, "http://[::1]:5000/t"],
  ["http://127.0.0.1/t", "127.0.0.1", 80, "http://127.0.0.1/t"],
])("a POST to %s names its server and no query", (url, address, port, full) => {
  const sdk = new Sdk().register();

  attemptAt(url, { type: "abandoned" });

  expect(sdk.span("POST").attributes).toMatchObject({
    "server.address": address,
    "server.port": port,
    "url.full": full,
  });
});

test.each<[string, AttemptOutcome, string]>([
  [
    "the network's code",
    { type: "failed", error: new TransportError("gone", { systemCode: "ECONNREFUSED" }) },
    "ECONNREFUSED",
  ],
  [
    "_OTHER for what is no system code",
    { type: "failed", error: new TransportError("gone", { systemCode: "my secret code" }) },
    "_OTHER",
  ],
  [
    "timeout",
    {
      type: "failed",
      error: new AcquisitionTimeoutError("late", { budget: "attempt", timeoutMs: 10 }),
    },
    "timeout",
  ],
  [
    "invalid_response for a success that is none",
    {
      type: "answered",
      statusCode: 200,
      serviceRequestId: undefined,
      error: new MalformedResponseError("no JSON"),
    },
    "invalid_response",
  ],
])("a POST fails with %s", async (_, outcome, errorType) => {
  const sdk = new Sdk().register();

  attemptAt("https://login.test/t", outcome);

  const { attributes, status } = sdk.span("POST");
  expect(attributes["error.type"]).toBe(errorType);
  expect(status.code).toBe(SpanStatusCode.ERROR);
  const durations = await sdk.durations("entra.credential.authority.request.duration");
  expect(durations.map(({ attributes }) => attributes["error.type"])).toEqual([errorType]);
});

test("a request id that is none is left out", () => {
  const sdk = new Sdk().register();
  const serviceRequestId = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.signature";

  attemptAt("https://login.test/t", {
    type: "answered",
    statusCode: 200,
    serviceRequestId,
    error: undefined,
  });

  expect(sdk.span("POST").attributes).not.toHaveProperty("azure.service.request.id");
});

test("where tenants are not named, the address of a POST does not name one", () => {
  const sdk = new Sdk().register();
  const flight = observer({ identifiers: false }).beginFlight(FLIGHT);

  const url = "https://login.test/my-tenant/oauth2/v2.0/token";
  flight.beginAttempt({ attempt: 1, url }).end({ type: "abandoned" });
  flight.end(ISSUED);

  expect(sdk.span("POST").attributes["url.full"]).toBe(
    "https://login.test/REDACTED/oauth2/v2.0/token",
  );
});

import { validateHeaderValue } from "node:http";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenRequestHeaders } from "../../src/protocol/request-headers.ts";

const ORIGIN = {
  correlationId: "12345678-9abc-4ef0-8234-56789abcdef0",
  version: "0.1.0",
  platform: { os: "linux", cpu: "x64", nodeVersion: "v24.21.0" },
};

test("3.2 the headers name the request, the library and the platform, and nothing else", () => {
  expect(tokenRequestHeaders(ORIGIN)).toEqual({
    accept: "application/json",
    "client-request-id": "12345678-9abc-4ef0-8234-56789abcdef0",
    "return-client-request-id": "true",
    "x-client-sku": "affiant",
    "x-client-ver": "0.1.0",
    "x-client-os": "linux",
    "x-client-cpu": "x64",
    "x-ms-lib-capability": "retry-after, h429",
    "user-agent": "affiant/0.1.0 Node/24.21.0 (linux; x64)",
  });
});

test("3.2 an application id comes first in the user agent", () => {
  const headers = tokenRequestHeaders({ ...ORIGIN, userAgentPrefix: "myapp/1.2 (west)" });

  expect(headers["user-agent"]).toBe("myapp/1.2 (west) affiant/0.1.0 Node/24.21.0 (linux; x64)");
});

test("3.2 an application id cannot add a header", () => {
  const headers = tokenRequestHeaders({ ...ORIGIN, userAgentPrefix: "a\r\nx-evil: 1" });

  expect(headers["user-agent"]).toMatch(/^a x-evil: 1 affiant\//);
});

test("3.2 an application id of 1,000 characters is cut to 128", () => {
  const headers = tokenRequestHeaders({ ...ORIGIN, userAgentPrefix: "x".repeat(1_000) });

  expect(headers["user-agent"]?.indexOf(" affiant")).toBe(128);
});

test("3.2 whatever the values are, Node accepts the headers", () => {
  const any = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(any, any, any, (userAgentPrefix, correlationId, os) => {
      const platform = { ...ORIGIN.platform, os };
      const headers = tokenRequestHeaders({ ...ORIGIN, userAgentPrefix, correlationId, platform });

      for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value);
    }),
  );
});

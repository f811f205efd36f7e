import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type ClientKeys,
  createClientKeys,
  type Fault,
  LocalAuthority,
} from "../../src/testing/index.ts";
import { exchange, type Outcome, WAYS } from "./raw-exchange.ts";
import { CLIENT, TENANT } from "./token-client.ts";

const JSON_TYPE = "application/json; charset=utf-8";

let authority: LocalAuthority;
let keys: ClientKeys;

beforeAll(async () => {
  keys = await createClientKeys({ algorithm: "EC" });
});
beforeEach(async () => {
  authority = await LocalAuthority.start();
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
});
afterEach(() => authority.close());

describe.each(WAYS)("written $way", ({ begin }) => {
  async function askUnder(fault: Fault): Promise<Outcome> {
    begin(authority, fault);
    return exchange(authority, keys);
  }

  test.for<{ fault: Fault; status: number; error: string; code: number; names: string }>([
    {
      fault: { kind: "refusal" },
      status: 401,
      error: "invalid_client",
      code: 700027,
      names: CLIENT,
    },
    {
      fault: { kind: "refusal", error: "unauthorized_client" },
      status: 400,
      error: "unauthorized_client",
      code: 700016,
      names: TENANT,
    },
    {
      fault: { kind: "refusal", status: 400, entraCode: 7000222 },
      status: 400,
      error: "invalid_client",
      code: 7000222,
      names: "expired",
    },
    {
      fault: { kind: "refusal", error: "invalid_grant", entraCode: 53003 },
      status: 400,
      error: "invalid_grant",
      code: 53003,
      names: "Conditional Access",
    },
    {
      fault: { kind: "refusal", entraCode: 123456 },
      status: 401,
      error: "invalid_client",
      code: 123456,
      names: "refused",
    },
  ])("$fault refuses in Entra's words", async ({ fault, status, error, code, names }) => {
    const outcome = await askUnder(fault);

    expect(outcome.status).toBe(status);
    const body = JSON.parse(outcome.text);
    expect(body).toMatchObject({ error, error_codes: [code] });
    expect(body.error_description).toContain(`AADSTS${code}: `);
    expect(body.error_description).toContain(names);
    expect(body.trace_id).toBe(outcome.headers["x-ms-request-id"]);
    expect(authority.requests[0]).toMatchObject({ status, entraCode: code, faults: ["refusal"] });
  });

  test.for<{ fault: Fault; status: number; waits: Record<string, string> }>([
    { fault: { kind: "throttle" }, status: 429, waits: {} },
    { fault: { kind: "throttle", retryAfterS: 7 }, status: 429, waits: { "retry-after": "7" } },
    {
      fault: { kind: "throttle", status: 503, retryAfterS: 0, form: "seconds" },
      status: 503,
      waits: { "retry-after": "0" },
    },
    {
      fault: { kind: "throttle", retryAfterS: 0.25, form: "retry-after-ms" },
      status: 429,
      waits: { "retry-after-ms": "250" },
    },
    {
      fault: { kind: "throttle", retryAfterS: 2, form: "x-ms-retry-after-ms" },
      status: 429,
      waits: { "x-ms-retry-after-ms": "2000" },
    },
  ])("$fault throttles and tells the wait in that form only", async ({ fault, status, waits }) => {
    const { headers, ...outcome } = await askUnder(fault);

    const told = Object.entries(headers).filter(([name]) => name.includes("retry-after"));
    expect(outcome.status).toBe(status);
    expect(Object.fromEntries(told)).toEqual(waits);
    expect(JSON.parse(outcome.text)).toMatchObject({ error_codes: [90055] });
  });

  test("a wait told as a date is at least as long as asked for, and less than a second longer", async () => {
    const before = Date.now();
    const { headers } = await askUnder({ kind: "throttle", retryAfterS: 60, form: "date" });
    const after = Date.now();

    const until = Date.parse(String(headers["retry-after"]));
    expect(until).toBeGreaterThanOrEqual(before + 60_000);
    expect(until).toBeLessThan(after + 61_000);
  });

  test.for<{ fault: Fault; status: number; type: string | undefined; text: RegExp }>([
    { fault: { kind: "outage" }, status: 503, type: JSON_TYPE, text: /AADSTS90033/ },
    { fault: { kind: "outage", status: 500 }, status: 500, type: JSON_TYPE, text: /server_error/ },
    {
      fault: { kind: "outage", status: 502, body: "html" },
      status: 502,
      type: "text/html",
      text: /<h1>502 Bad Gateway<.h1>/,
    },
    {
      fault: { kind: "outage", status: 504, body: "none" },
      status: 504,
      type: undefined,
      text: /^$/,
    },
  ])("$fault fails as a server or a proxy does", async ({ fault, status, type, text }) => {
    const outcome = await askUnder(fault);

    expect(outcome.status).toBe(status);
    expect(outcome.headers["content-type"]).toBe(type);
    expect(outcome.text).toMatch(text);
  });

  test("an empty body is empty in spite of its content type", async () => {
    const { status, headers, text } = await askUnder({ kind: "body", body: "empty" });

    expect({ status, text }).toEqual({ status: 200, text: "" });
    expect(headers["content-length"]).toBe("0");
  });

  test("a truncated body is complete to HTTP and no JSON", async () => {
    const { status, text, failure } = await askUnder({ kind: "body", body: "truncated" });

    expect({ status, failure }).toEqual({ status: 200, failure: undefined });
    expect(text).toContain('"access_token":"ey');
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  test("an oversized body is a token response of more than 2 MiB", async () => {
    const { text } = await askUnder({ kind: "body", body: "oversized" });

    expect(text.length).toBeGreaterThan(2 * 1_048_576);
    expect(JSON.parse(text)).toMatchObject({ token_type: "Bearer", expires_in: 3599 });
  });

  test("a body of HTML is a page with status 200", async () => {
    const { status, headers, text } = await askUnder({ kind: "body", body: "html" });

    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/html");
    expect(text).toContain("<html>");
  });

  test("a token response can have the content type of a page", async () => {
    const { headers, text } = await askUnder({ kind: "body", body: "wrong-content-type" });

    expect(headers["content-type"]).toContain("text/html");
    expect(JSON.parse(text)).toMatchObject({ token_type: "Bearer" });
  });

  test.for(["truncated", "oversized", "wrong-content-type"] as const)(
    "a refusal stays as it is under a body that is %s",
    async (body) => {
      authority.removeClient(CLIENT);

      const { status, headers, text } = await askUnder({ kind: "body", body });

      expect(status).toBe(400);
      expect(headers["content-type"]).toContain("application/json");
      expect(JSON.parse(text)).toMatchObject({ error_codes: [700016] });
    },
  );

  test("a redirect leads to nothing unless it says where", async () => {
    const { status, headers } = await askUnder({ kind: "redirect" });

    expect(status).toBe(307);
    const target = await fetch(new URL(String(headers.location), authority.url), {
      method: "POST",
    });
    expect(target.status).toBe(404);
  });

  test("a redirect leads where it says", async () => {
    const location = "https://elsewhere.example/token";

    const { status, headers } = await askUnder({ kind: "redirect", status: 302, location });

    expect({ status, location: headers.location }).toEqual({ status: 302, location });
  });
});

test("documents are met by no fault", async () => {
  authority.injectFault({ kind: "outage" });

  const response = await fetch(`${authority.url}/${TENANT}/discovery/v2.0/keys`);

  expect(response.status).toBe(200);
});

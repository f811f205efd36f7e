import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClientKeys, createClientKeys, LocalAuthority } from "../../src/testing/index.ts";
import {
  CLIENT,
  ownAssertion,
  post,
  requestToken,
  soundForm,
  TENANT,
  tokenUrl,
} from "./token-client.ts";

let authority: LocalAuthority;
let keys: ClientKeys;

beforeAll(async () => {
  authority = await LocalAuthority.start({ tenants: [TENANT, "Contoso.example"] });
  keys = await createClientKeys();
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate, tenants: [TENANT] });
});
afterAll(() => authority.close());

const REQUEST = { status: 400, error: "invalid_request" };
const SCOPE = { status: 400, error: "invalid_scope" };
const CLIENT_FAULT = { status: 401, error: "invalid_client" };

test.for([
  { change: { grant_type: undefined }, code: 900144, ...REQUEST, names: "'grant_type'" },
  { change: { client_id: undefined }, code: 900144, ...REQUEST, names: "'client_id'" },
  { change: { scope: undefined }, code: 900144, ...REQUEST, names: "'scope'" },
  { change: { scope: "  " }, code: 900144, ...REQUEST, names: "'scope'" },
  {
    change: { client_assertion_type: undefined },
    code: 900144,
    ...REQUEST,
    names: "'client_assertion_type'",
  },
  { change: { client_assertion_type: "saml" }, code: 90023, ...REQUEST, names: "'saml'" },
  {
    change: { grant_type: "password" },
    code: 70003,
    status: 400,
    error: "unsupported_grant_type",
    names: "password",
  },
  {
    change: { client_assertion: undefined },
    code: 7000218,
    ...CLIENT_FAULT,
    names: "'client_assertion'",
  },
  {
    change: { client_assertion: undefined, client_secret: "x" },
    code: 7000215,
    ...CLIENT_FAULT,
    names: CLIENT,
  },
  { change: { scope: "User.Read" }, code: 1002012, ...SCOPE, names: "User.Read" },
  { change: { scope: "/.default" }, code: 70011, ...SCOPE, names: "/.default" },
  {
    change: { scope: "api://a/.default api://b/.default" },
    code: 28000,
    ...SCOPE,
    names: "api://a/.default",
  },
  { change: { claims: "{" }, code: 9002313, ...REQUEST, names: "'claims'" },
  { change: { claims: "[]" }, code: 9002313, ...REQUEST, names: "'claims'" },
  {
    change: { client_id: "stranger" },
    code: 700016,
    status: 400,
    error: "unauthorized_client",
    names: "stranger",
  },
])("$change is refused with AADSTS$code", async ({ change, code, status, error, names }) => {
  const answer = await requestToken(authority, keys, change);

  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ error, error_codes: [code] });
  expect(answer.body.error_description).toContain(`AADSTS${code}: `);
  expect(answer.body.error_description).toContain(names);
});

test.for([
  { tenant: "nowhere.example", code: 90002 },
  { tenant: "common", code: 50059 },
  { tenant: "te%2Fnant", code: 900023 },
  { tenant: "a..b", code: 900023 },
])("the tenant $tenant is refused with AADSTS$code", async ({ tenant, code }) => {
  const answer = await post(tokenUrl(authority, tenant), soundForm("irrelevant"));

  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ error: "invalid_request", error_codes: [code] });
});

test("a client of one tenant is unknown in another", async () => {
  const answer = await post(tokenUrl(authority, "contoso.EXAMPLE"), soundForm("irrelevant"));

  expect(answer.body).toMatchObject({ error: "unauthorized_client", error_codes: [700016] });
});

test("a parameter given twice is refused with AADSTS9000411", async () => {
  const fields: [string, string][] = [
    ["scope", "api://a/.default"],
    ["scope", "api://a/.default"],
  ];

  const response = await fetch(tokenUrl(authority), {
    method: "POST",
    body: new URLSearchParams(fields),
  });

  expect(await response.json()).toMatchObject({ error_codes: [9000411] });
});

test("JSON instead of a form is reported as a missing grant_type, as Entra does", async () => {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ grant_type: "client_credentials" });

  const response = await fetch(tokenUrl(authority), { method: "POST", body, headers });

  expect(await response.json()).toMatchObject({ error_codes: [900144] });
});

test("a body of more than 1 MiB is refused with status 413", async () => {
  const answer = await requestToken(authority, keys, { padding: "x".repeat(1_048_576) });

  expect(answer.status).toBe(413);
});

test("an error response has all the fields of Entra's, and they agree", async () => {
  const correlationId = "12345678-1234-1234-1234-123456789abc";

  const { body, headers } = await post(
    tokenUrl(authority),
    {},
    { "client-request-id": correlationId },
  );

  expect(body).toEqual({
    error: "invalid_request",
    error_description:
      "AADSTS900144: The request body must contain the following parameter: 'grant_type'. " +
      `Trace ID: ${body.trace_id} Correlation ID: ${correlationId} Timestamp: ${body.timestamp}`,
    error_codes: [900144],
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
    trace_id: headers.get("x-ms-request-id"),
    correlation_id: correlationId,
    error_uri: "https://login.microsoftonline.com/error?code=900144",
  });
});

test("client-request-id is echoed when asked for, and only then", async () => {
  const form = soundForm(await ownAssertion(authority, keys));
  const id = "12345678-1234-1234-1234-123456789abc";
  const asking = { "client-request-id": id, "return-client-request-id": "true" };

  const asked = await post(tokenUrl(authority), form, asking);
  const unasked = await post(tokenUrl(authority), form, { "client-request-id": id });

  expect(asked.headers.get("client-request-id")).toBe(id);
  expect(unasked.headers.get("client-request-id")).toBeNull();
});

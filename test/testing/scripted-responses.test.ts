import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import {
  type ClientKeys,
  createClientKeys,
  LocalAuthority,
  refuseWith,
} from "../../src/testing/index.ts";
import { exchange } from "./raw-exchange.ts";
import { CLIENT, requestToken, SCOPE, TENANT } from "./token-client.ts";

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

test("responses for one request are used up in order, then genuine ones follow", async () => {
  authority.respondOnce({
    status: 503,
    headers: { "Retry-After": "7" },
    body: { error: "temporarily_unavailable" },
  });
  authority.respondOnce({ status: 429, body: {} });

  const first = await requestToken(authority, keys);
  const second = await requestToken(authority, keys);
  const third = await requestToken(authority, keys);

  expect([first.status, second.status, third.status]).toEqual([503, 429, 200]);
  expect(first.headers.get("retry-after")).toBe("7");
});

test("a standing response lasts until it is dropped", async () => {
  authority.respondWith({ status: 500, body: {} });
  const during = [await requestToken(authority, keys), await requestToken(authority, keys)];

  authority.respondNormally();
  const after = await requestToken(authority, keys);

  expect(during.map(({ status }) => status)).toEqual([500, 500]);
  expect(after.status).toBe(200);
});

test("a responder sees what was asked, but no assertion", async () => {
  authority.respondOnce((request) => ({ status: 200, body: { ...request } }));

  const { body } = await requestToken(authority, keys, { claims: "{}" });

  expect(body).toEqual({
    tenantId: TENANT,
    clientId: CLIENT,
    scopes: [SCOPE],
    claims: "{}",
    traceId: expect.any(String),
    correlationId: expect.any(String),
  });
});

test("a responder can change the genuine response", async () => {
  authority.respondOnce(async (_request, genuine) => {
    const { body, ...rest } = await genuine();
    return { ...rest, body: { ...Object(body), expires_in: "3599" } };
  });

  const { body } = await requestToken(authority, keys);

  expect(body).toMatchObject({ token_type: "Bearer", expires_in: "3599" });
});

test("any refusal of Entra can be scripted, with claims and suberror", async () => {
  const refusal = { status: 400, error: "invalid_grant", code: 50076, message: "More is needed." };
  authority.respondOnce(refuseWith({ ...refusal, suberror: "basic_action", claims: "{}" }));

  const { body } = await requestToken(authority, keys);

  expect(body).toMatchObject({ error_codes: [50076], suberror: "basic_action", claims: "{}" });
  expect(authority.requests[0]).toMatchObject({ status: 400, entraCode: 50076 });
});

test.for(["before-headers", "in-body"] as const)(
  "a connection cut %s fails the client",
  async (destroy) => {
    authority.respondOnce({ status: 200, body: { access_token: "never whole" }, destroy });

    await expect(requestToken(authority, keys)).rejects.toThrow(TypeError);
  },
);

test("a scripted response can reset the connection, slowly, on a day of its own", async () => {
  const dateSkewS = 86_400;
  const interrupt = { by: "reset", where: "in-body" } as const;
  authority.respondOnce({ status: 200, body: "0123456789", interrupt, bytesPerS: 100, dateSkewS });

  const began = performance.now();
  const { text, failure, headers } = await exchange(authority, keys);

  expect({ text, failure }).toEqual({ text: "01234", failure: "read ECONNRESET" });
  expect(performance.now() - began).toBeGreaterThanOrEqual(48);
  expect(Date.parse(String(headers.date)) - Date.now()).toBeGreaterThan(86_390_000);
});

test("a string is sent as it is", async () => {
  const headers = { "content-type": "text/html" };
  authority.respondOnce({ status: 200, headers, body: '{ "expires_in" : 5 }' });

  const answer = await requestToken(authority, keys);

  expect(answer.headers.get("content-type")).toBe("text/html");
  expect(answer.body).toEqual({ expires_in: 5 });
});

test("a responder that throws is answered with status 500 and its reason", async () => {
  authority.respondOnce(() => {
    throw new Error("script went wrong");
  });

  const { status, body } = await requestToken(authority, keys);

  expect(status).toBe(500);
  expect(body.error_description).toContain("script went wrong");
});

test.for([
  { response: { status: 99 }, message: "response.status must be a whole number" },
  { response: { status: 200, delayMs: -1 }, message: "response.delayMs" },
  { response: { status: 200, destroy: "later" }, message: "response.destroy" },
  {
    response: { status: 200, destroy: "in-body", interrupt: { by: "hang", where: "in-body" } },
    message: "response has both destroy and interrupt",
  },
  {
    response: { status: 200, interrupt: { by: "magic", where: "in-body" } },
    message: 'response.interrupt.by must be one of "reset", "hang", not "magic"',
  },
  {
    response: { status: 200, interrupt: { by: "reset", where: "later" } },
    message: "response.interrupt.where must be one of",
  },
  {
    response: { status: 200, interrupt: "reset" },
    message: "response.interrupt must be an object",
  },
  { response: { status: 200, bytesPerS: 0 }, message: "response.bytesPerS must be a whole number" },
  { response: { status: 200, dateSkewS: "1" }, message: "response.dateSkewS must be a number" },
  { response: { status: 200, body: 5 }, message: "response.body" },
  { response: { status: 200, headers: { a: 5 } }, message: "response.headers['a']" },
  { response: { status: 200, delay: 5 }, message: "response has no member 'delay'" },
])("the response $response is refused at once", ({ response, message }) => {
  expect(() => Reflect.apply(authority.respondOnce, authority, [response])).toThrow(message);
});

import { expect, test } from "vitest";
import { ClientAssertionCredential } from "../../src/index.ts";
import { useFakeClock } from "../support/clock.ts";
import { CLIENT, credentialAgainst, SCOPE, TENANT } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";

const clock = useFakeClock();

test("1.4 the token URL is built from authority and tenant, and nothing else is asked", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, { authorityHost: "login.microsoftonline.us" });

  await credential.getToken(SCOPE);

  expect(entra.requests.map(({ url }) => url)).toEqual([
    `https://login.microsoftonline.us/${TENANT}/oauth2/v2.0/token`,
  ]);
});

test("1.4 AD FS has a token URL of its own", async () => {
  const entra = fakeEntra();
  const credential = new ClientAssertionCredential("adfs", CLIENT, () => "an-assertion", {
    authorityHost: "https://fs.contoso.example/",
    transport: entra,
  });

  await credential.getToken(SCOPE);

  expect(entra.requests[0]?.url).toBe("https://fs.contoso.example/adfs/oauth2/token");
});

test("3.1 the form holds what RFC 7523 asks for, and nothing else", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);

  await credential.getToken("b a");

  expect(Object.fromEntries(entra.requests[0]?.form ?? [])).toEqual({
    client_id: CLIENT,
    scope: "a b",
    grant_type: "client_credentials",
    client_assertion: "an-assertion",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  });
});

test("3.2 the headers say who asks and carry one id per flight", async () => {
  const entra = fakeEntra().fails("ECONNRESET").issues("first").issues("second");
  const credential = credentialAgainst(entra, {
    userAgentOptions: { userAgentPrefix: "shop/7" },
  });

  const call = credential.getToken(SCOPE);
  await clock.advance({ seconds: 1 });
  await call;
  await credential.getToken("other");

  const [first, retry, other] = entra.requests.map(({ headers }) => headers);
  expect(first).toMatchObject({
    accept: "application/json",
    "return-client-request-id": "true",
    "x-client-sku": "affiant",
    "x-client-os": process.platform,
    "x-client-cpu": process.arch,
    "x-ms-lib-capability": "retry-after, h429",
    "user-agent": expect.stringMatching(/^shop\/7 affiant\/\d+\.\d+\.\d+ /),
  });
  expect(first?.["client-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(retry?.["client-request-id"]).toBe(first?.["client-request-id"]);
  expect(other?.["client-request-id"]).not.toBe(first?.["client-request-id"]);
});

test("3.2 an error carries the id that the request carried", async () => {
  const entra = fakeEntra().refuses(400, "invalid_scope", 70011);

  const error = await rejection(credentialAgainst(entra).getToken(SCOPE));

  expect(error).toMatchObject({ correlationId: entra.requests[0]?.headers["client-request-id"] });
});

test("3.6 the scope in an answer is no key", async () => {
  const entra = fakeEntra().issues("first", { scope: "something else" });
  const credential = credentialAgainst(entra);

  await credential.getToken(SCOPE);
  await credential.getToken(SCOPE);

  expect(entra.requests).toHaveLength(1);
});

test("3.7 a refusal tells its reason, its number, its cure and where to read on", async () => {
  const entra = fakeEntra().says(
    401,
    JSON.stringify({
      error: "invalid_client",
      error_description:
        "AADSTS700027: The certificate is not registered. Trace ID: 1 Correlation ID: 2",
      error_codes: [700027],
      trace_id: "trace",
      correlation_id: "correlation",
      timestamp: "2026-03-01 12:00:00Z",
    }),
  );

  const error = await rejection(credentialAgainst(entra).getToken(SCOPE));

  expect(error).toMatchObject({
    name: "TokenEndpointError",
    code: "ERR_TOKEN_ENDPOINT",
    statusCode: 401,
    entraCode: 700027,
    transient: false,
    errorResponse: {
      error: "invalid_client",
      errorCodes: [700027],
      traceId: "trace",
      correlationId: "correlation",
      timestamp: "2026-03-01 12:00:00Z",
    },
    message: expect.stringMatching(/invalid_client.*AADSTS700027.*code=700027/s),
  });
});

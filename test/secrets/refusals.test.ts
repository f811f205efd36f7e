import { describe, expect, test } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { SCOPE } from "../support/credentials.ts";
import { type FakeEntra, fakeEntra } from "../support/fake-entra.ts";
import { ASSERTIONS, type Canary, TOKEN } from "./canaries.ts";
import { stageFor } from "./stage.ts";

const clock = useFakeClock();

interface Echo {
  readonly name: string;
  readonly status: number;
  readonly code: string;
  readonly body: (secret: string) => string;
  readonly headers?: (secret: string) => Record<string, string>;
}

const json = (fields: (secret: string) => object) => (secret: string) =>
  JSON.stringify(fields(secret));
const describedAs = (text: (secret: string) => string) =>
  json((secret) => ({ error: "invalid_client", error_description: text(secret) }));

const QUOTED: Echo = {
  name: "an error_description that quotes it",
  status: 401,
  code: "ERR_TOKEN_ENDPOINT",
  body: describedAs((secret) => `AADSTS700027: The assertion '${secret}' is not signed.`),
};

// What an authority, or what stands for it, may send back of what it was sent.
const ECHOES: readonly Echo[] = [
  QUOTED,
  {
    name: "an error_description that quotes it twice, and far behind",
    status: 400,
    code: "ERR_TOKEN_ENDPOINT",
    body: describedAs((secret) => `Bad. ${secret}. ${"Really. ".repeat(200)}${secret}`),
  },
  {
    name: "every field of the error",
    status: 400,
    code: "ERR_TOKEN_ENDPOINT",
    body: json((secret) => ({
      error: secret,
      error_description: secret,
      suberror: secret,
      claims: JSON.stringify({ access_token: { secret } }),
      timestamp: secret,
      trace_id: secret,
      correlation_id: secret,
      error_uri: secret,
      [secret]: secret,
    })),
  },
  {
    name: "a member that nobody reads",
    status: 503,
    code: "ERR_TOKEN_ENDPOINT",
    body: json((secret) => ({ error: "temporarily_unavailable", request: { form: secret } })),
  },
  {
    name: "a gateway's page",
    status: 502,
    code: "ERR_TOKEN_ENDPOINT",
    body: (secret) => `<html><title>Bad Gateway</title>client_assertion=${secret}</html>`,
  },
  {
    name: "headers",
    status: 429,
    code: "ERR_TOKEN_ENDPOINT",
    body: json(() => ({ error: "temporarily_unavailable" })),
    headers: (secret) => ({
      "x-ms-request-id": secret,
      "retry-after": secret,
      date: secret,
      location: secret,
    }),
  },
  {
    name: "a page that comes as a success",
    status: 200,
    code: "ERR_MALFORMED_RESPONSE",
    body: (secret) => `<html>${secret}</html>`,
  },
  {
    name: "a redirect to an address with it",
    status: 307,
    code: "ERR_MALFORMED_RESPONSE",
    body: (secret) => secret,
    headers: (secret) => ({ location: `https://other.example/?client_assertion=${secret}` }),
  },
  {
    name: "a status nobody knows",
    status: 600,
    code: "ERR_MALFORMED_RESPONSE",
    body: (secret) => secret,
  },
];

function echoing({ status, body, headers = () => ({}) }: Echo, { secret }: Canary): FakeEntra {
  return fakeEntra().says(status, body(secret), headers(secret));
}

describe.each(ASSERTIONS)("an assertion that is $what", (assertion) => {
  test.each(ECHOES)("shows nowhere when the authority answers with $name", async (echo) => {
    const { credential, failure, leaks } = stageFor(assertion, echoing(echo, assertion), { clock });

    expect(await failure(credential.getToken(SCOPE))).toMatchObject({ code: echo.code });

    expect(leaks()).toEqual([]);
  });

  test("shows nowhere in a remembered error", async () => {
    const { credential, failure, leaks } = stageFor(assertion, echoing(QUOTED, assertion));
    await failure(credential.getToken(SCOPE));

    const error = await failure(credential.getToken(SCOPE));

    expect(error).toMatchObject({ code: "ERR_TOKEN_ENDPOINT", remembered: true });
    expect(leaks()).toEqual([]);
  });

  test("shows nowhere when an expired assertion is renewed and refused again", async () => {
    const refusal = describedAs((secret) => `AADSTS700024: '${secret}' is outside its validity.`);
    const entra = fakeEntra().says(401, refusal(assertion.secret));
    const { credential, failure, leaks } = stageFor(assertion, entra, { clock });

    await failure(credential.getToken(SCOPE));

    expect(entra.requests).toHaveLength(2);
    expect(leaks()).toEqual([]);
  });

  test.each<[string, FakeEntra, number]>([
    ["the network fails", fakeEntra().fails("ECONNRESET"), 4],
    ["the authority is down", fakeEntra().says(503, "{}"), 4],
    ["no answer comes in time", fakeEntra().hangs(), 3],
  ])("shows nowhere when %s and retries are in vain", async (_case, entra, posts) => {
    const { credential, failure, leaks } = stageFor(assertion, entra, { clock });

    await failure(credential.getToken(SCOPE));

    expect(entra.requests).toHaveLength(posts);
    expect(leaks()).toEqual([]);
  });

  test("shows nowhere when the circuit is open, with the failure that opened it as the cause", async () => {
    const resilience = { circuitBreaker: { failures: 1 }, maxRetries: 0 };
    const entra = echoing({ ...QUOTED, status: 503 }, assertion);
    const { credential, failure, leaks } = stageFor(assertion, entra, { resilience });
    await failure(credential.getToken(SCOPE));
    await clock.advance({ seconds: 6 });

    const error = await failure(credential.getToken(SCOPE));

    expect(error).toMatchObject({
      code: "ERR_CIRCUIT_OPEN",
      cause: { code: "ERR_TOKEN_ENDPOINT" },
    });
    expect(leaks()).toEqual([]);
  });

  test("shows nowhere when a caller's own time is up", async () => {
    const { credential, failure, leaks } = stageFor(assertion, fakeEntra().hangs(), { clock });

    const error = await failure(credential.getToken(SCOPE, { requestOptions: { timeout: 50 } }));

    expect(error).toMatchObject({ code: "ERR_TIMEOUT", budget: "caller" });
    expect(leaks()).toEqual([]);
  });

  test("shows nowhere when the call itself is wrong", async () => {
    const { credential, failure, leaks } = stageFor(assertion, fakeEntra().issues(TOKEN.secret));
    await credential.getToken(SCOPE);

    const errors = [
      await failure(credential.getToken("")),
      await failure(credential.getToken(SCOPE, { tenantId: "third.example" })),
      await failure(credential.getToken(SCOPE, { claims: `{"a":"${assertion.secret}" 1}` })),
    ];

    expect(errors).toMatchObject([
      { code: "ERR_CONFIGURATION" },
      { code: "ERR_TENANT_NOT_ALLOWED" },
      { code: "ERR_CONFIGURATION" },
    ]);
    expect(leaks()).toEqual([]);
  });
});

test.each([
  ["cut short", `{"token_type":"Bearer","expires_in":3600,"access_token":"${TOKEN.secret}"`],
  ["of another type", JSON.stringify({ ...grant(), token_type: "pop" })],
  ["without a lifetime", JSON.stringify({ ...grant(), expires_in: 0 })],
  ["beside an error", JSON.stringify({ ...grant(), access_token: [TOKEN.secret], error: "x" })],
  ["among forbidden characters", JSON.stringify({ ...grant(), access_token: `${TOKEN.secret}\n` })],
])("a token that comes %s shows nowhere", async (_case, body) => {
  const [assertion = TOKEN] = ASSERTIONS;
  const { credential, failure, leaks } = stageFor(assertion, fakeEntra().says(200, body), {
    clock,
  });

  await failure(credential.getToken(SCOPE));

  expect(leaks()).toEqual([]);
});

function grant() {
  return { token_type: "Bearer", expires_in: 3600, access_token: TOKEN.secret };
}

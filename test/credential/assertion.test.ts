import { expect, test, vi } from "vitest";
import {
  AssertionUnavailableError,
  ClientAssertionCredential,
  CredentialUnavailableError,
} from "../../src/index.ts";
import { useFakeClock } from "../support/clock.ts";
import { CLIENT, credentialAgainst, OTHER_TENANT, SCOPE, TENANT } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";

const clock = useFakeClock();

function jwt(payload: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part(payload)}.c2lnbmF0dXJl`;
}

const nowS = () => Math.floor(Date.now() / 1_000);

test("4.1 the source is told whom it signs for", async () => {
  const getAssertion = vi.fn(() => "an-assertion");
  const credential = new ClientAssertionCredential(TENANT, CLIENT, getAssertion, {
    transport: fakeEntra(),
    additionallyAllowedTenants: ["*"],
  });

  await credential.getToken(SCOPE, { tenantId: OTHER_TENANT });

  expect(getAssertion).toHaveBeenCalledExactlyOnceWith({
    clientId: CLIENT,
    tenantId: OTHER_TENANT,
    tokenEndpoint: `https://login.microsoftonline.com/${OTHER_TENANT}/oauth2/v2.0/token`,
    abortSignal: expect.any(AbortSignal),
  });
});

test("4.1 each attempt has an assertion of its own", async () => {
  let calls = 0;
  const entra = fakeEntra().fails("ECONNRESET").fails("ECONNRESET").issues("first");
  const credential = credentialAgainst(entra, {
    getAssertion: async () => {
      calls += 1;
      return `assertion-${calls}`;
    },
  });

  const call = credential.getToken(SCOPE);
  await clock.advance({ seconds: 10 });
  await call;

  expect(entra.requests.map(({ form }) => form.get("client_assertion"))).toEqual([
    "assertion-1",
    "assertion-2",
    "assertion-3",
  ]);
});

test.each([
  [
    "throws",
    () => {
      throw new Error("the vault is closed");
    },
    /the vault is closed/,
  ],
  [
    "rejects",
    async () => {
      throw new Error("the vault is closed");
    },
    /the vault is closed/,
  ],
  ["gives an empty string", async () => "", /empty string/],
  ["gives nothing", async () => undefined, /undefined/],
  ["gives an object", async () => ({ assertion: "x" }), /object/],
])(
  "4.2 a source that %s is unavailable, and nothing is sent or retried",
  async (_, source, reason) => {
    const entra = fakeEntra();
    const calls = vi.fn(source);
    // The cast is the caller without types.
    const credential = credentialAgainst(entra, { getAssertion: calls as () => Promise<string> });

    const error = await rejection(credential.getToken(SCOPE));

    expect(error).toBeInstanceOf(AssertionUnavailableError);
    expect(error).toBeInstanceOf(CredentialUnavailableError);
    expect(error).toMatchObject({
      name: "CredentialUnavailableError",
      code: "ERR_ASSERTION_UNAVAILABLE",
      message: expect.stringMatching(reason),
    });
    expect(calls).toHaveBeenCalledTimes(1);
    expect(entra.requests).toHaveLength(0);
  },
);

test("4.2 a source that never settles is given up after its time, and told so", async () => {
  let signal: AbortSignal | undefined;
  const credential = new ClientAssertionCredential(
    TENANT,
    CLIENT,
    ({ abortSignal }) => {
      signal = abortSignal;
      return new Promise(() => {});
    },
    { transport: fakeEntra() },
  );

  const call = rejection(credential.getToken(SCOPE));
  await clock.advance({ seconds: 10 });

  expect(await call).toMatchObject({
    code: "ERR_ASSERTION_UNAVAILABLE",
    transient: true,
    message: expect.stringContaining("10000 ms"),
  });
  expect(signal?.aborted).toBe(true);
});

test("4.2 the cause is a copy of the source's error without anything that looks like a token", async () => {
  const secret = jwt({ sub: "somebody" });
  const theirs = Object.assign(new Error(`refused: ${secret}`), {
    code: "E_VAULT",
    request: secret,
  });
  const credential = credentialAgainst(fakeEntra(), {
    getAssertion: async () => {
      throw theirs;
    },
  });

  const error = await rejection(credential.getToken(SCOPE));

  expect(error).toMatchObject({ cause: { code: "E_VAULT", message: "refused: [redacted]" } });
  expect(error).not.toHaveProperty("cause.request");
});

test("4.2 a failing source never opens the circuit", async () => {
  let works = false;
  const entra = fakeEntra().issues("first");
  const credential = credentialAgainst(entra, {
    getAssertion: async () => {
      if (!works) throw new Error("the vault is closed");
      return "an-assertion";
    },
  });
  for (let failure = 0; failure < 20; failure += 1) {
    await rejection(credential.getToken(SCOPE, { forceRefresh: true }));
  }

  works = true;

  expect((await credential.getToken(SCOPE, { forceRefresh: true })).token).toBe("first");
});

test.each([
  ["expired six minutes ago", () => ({ exp: nowS() - 360 }), /exp/],
  [
    "is not valid for another six minutes",
    () => ({ exp: nowS() + 900, nbf: nowS() + 360 }),
    /becomes valid/,
  ],
])("4.3 an assertion that %s is not sent", async (_, payload, reason) => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, { getAssertion: async () => jwt(payload()) });

  const error = await rejection(credential.getToken(SCOPE));

  expect(error).toMatchObject({
    code: "ERR_ASSERTION_UNAVAILABLE",
    message: expect.stringMatching(reason),
  });
  expect(entra.requests).toHaveLength(0);
});

test("4.3 within five minutes the authority decides", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, {
    getAssertion: async () => jwt({ exp: nowS() - 240, nbf: nowS() + 240 }),
  });

  await credential.getToken(SCOPE);

  expect(entra.requests).toHaveLength(1);
});

test("4.3 what looks wrong in the assertion is named when the authority refuses it, not before", async () => {
  const assertion = jwt({ iss: "someone", sub: "someone", aud: "elsewhere", exp: nowS() + 600 });
  const entra = fakeEntra().issues("first").refuses(401, "invalid_client", 700023);
  const credential = credentialAgainst(entra, { getAssertion: async () => assertion });
  await credential.getToken(SCOPE);

  const error = await rejection(credential.getToken(SCOPE, { forceRefresh: true }));

  expect(error).toMatchObject({ message: expect.stringMatching(/aud.*elsewhere/s) });
});

test("4.4 an assertion the authority calls expired is renewed once, at once", async () => {
  const entra = fakeEntra().refuses(401, "invalid_client", 700024).issues("first");
  const credential = credentialAgainst(entra, { resilience: { maxRetries: 0 } });

  const call = credential.getToken(SCOPE);
  await clock.advance({ ms: 1 });

  expect((await call).token).toBe("first");
  expect(entra.requests).toHaveLength(2);
});

test("4.4 an assertion called expired twice is refused", async () => {
  const entra = fakeEntra().refuses(401, "invalid_client", 700024);
  const credential = credentialAgainst(entra);

  const call = rejection(credential.getToken(SCOPE));
  await clock.advance({ seconds: 30 });

  expect(await call).toMatchObject({
    entraCode: 700024,
    attempts: [{ attempt: 1 }, { attempt: 2 }],
  });
  expect(entra.requests).toHaveLength(2);
});

import { describe, expect, test } from "vitest";
import { AssertionUnavailableError, TransportError } from "../../src/index.ts";
import { useFakeClock } from "../support/clock.ts";
import { SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { ASSERTIONS, type Canary, JWT_ASSERTION } from "./canaries.ts";
import { stageFor } from "./stage.ts";

const clock = useFakeClock();

/** An error as got's RequestError: its options hold the form that was sent. */
function withForm({ secret }: Canary): Error {
  const form = { client_assertion: secret };
  const error = new Error("Response code 503");
  return Object.assign(error, {
    code: "ERR_GOT_REQUEST",
    options: { form, headers: { authorization: `Bearer ${secret}` } },
    request: { body: Buffer.from(secret) },
    response: { rawBody: Buffer.from(secret), body: secret },
  });
}

/** Where a foreign error may hold a secret that nobody looks for. */
const OUT_OF_SIGHT: readonly { readonly where: string; readonly make: (c: Canary) => unknown }[] = [
  { where: "its options", make: withForm },
  {
    where: "a hidden member",
    make: ({ secret }) => Object.defineProperty(new Error("failed"), "form", { value: secret }),
  },
  {
    where: "its cause's cause",
    make: (canary) => new Error("1", { cause: new Error("2", { cause: withForm(canary) }) }),
  },
  {
    where: "one of many errors",
    make: (canary) => new AggregateError([withForm(canary)], "failed"),
  },
  {
    where: "an object that is no Error",
    make: ({ secret }) => ({ message: secret, form: secret }),
  },
  { where: "a string", make: ({ secret }) => secret },
];

/** Where it is copied from, so that only its shape gives it away. */
const IN_SIGHT: typeof OUT_OF_SIGHT = [
  {
    where: "its message",
    make: ({ secret }) => new Error(`POST client_assertion=${secret} failed`),
  },
  {
    where: "its stack",
    make: ({ secret }) =>
      Object.assign(new Error("failed"), { stack: `Error: failed\n    at sign (${secret}:1:1)` }),
  },
  {
    where: "its name",
    make: ({ secret }) => Object.assign(new Error("failed"), { name: `Error ${secret}` }),
  },
  {
    where: "its code",
    make: ({ secret }) => Object.assign(new Error("failed"), { code: secret }),
  },
];

const CASES = [
  ...ASSERTIONS.flatMap((assertion) => OUT_OF_SIGHT.map((row) => ({ ...row, assertion }))),
  ...IN_SIGHT.map((row) => ({ ...row, assertion: JWT_ASSERTION })),
];

// The transport knew the assertion, so that it is erased whatever it looks like.
const TRANSPORT_CASES = ASSERTIONS.flatMap((assertion) =>
  [...OUT_OF_SIGHT, ...IN_SIGHT].map((row) => ({ ...row, assertion })),
);

describe("4.2 an error of getAssertion", () => {
  test.each(CASES)(
    "with $assertion.what in $where is cleared of it",
    async ({ assertion, make }) => {
      const getAssertion = async () => {
        throw make(assertion);
      };
      const { credential, failure, leaks } = stageFor(assertion, fakeEntra(), {
        getAssertion,
        clock,
      });

      const error = await failure(credential.getToken(SCOPE));
      const again = await failure(credential.getToken(SCOPE));

      expect([error, again]).toMatchObject([
        { code: "ERR_ASSERTION_UNAVAILABLE" },
        { code: "ERR_ASSERTION_UNAVAILABLE" },
      ]);
      expect(leaks()).toEqual([]);
    },
  );

  test("keeps what helps: name, message, code", async () => {
    const getAssertion = async () => {
      throw Object.assign(new RangeError("key not found"), { code: "KeyNotFound" });
    };
    const { credential, failure } = stageFor(JWT_ASSERTION, fakeEntra(), { getAssertion });

    const error = await failure(credential.getToken(SCOPE));

    expect(error).toMatchObject({
      cause: { name: "RangeError", message: "key not found", code: "KeyNotFound" },
    });
  });
});

test.each(ASSERTIONS)(
  "what getAssertion gives in place of a text shows nowhere: $what",
  async (assertion) => {
    const getAssertion = async () => Object({ assertion: assertion.secret });
    const { credential, failure, leaks } = stageFor(assertion, fakeEntra(), { getAssertion });

    const error = await failure(credential.getToken(SCOPE));

    expect(error).toMatchObject({ code: "ERR_ASSERTION_UNAVAILABLE" });
    expect(leaks()).toEqual([]);
  },
);

test("4.3 an assertion outside its validity shows nowhere", async () => {
  const { credential, failure, leaks } = stageFor(JWT_ASSERTION, fakeEntra());
  await clock.advance({ hours: 24 * 400 });

  const error = await failure(credential.getToken(SCOPE));

  expect(error).toMatchObject({ code: "ERR_ASSERTION_UNAVAILABLE" });
  expect(leaks()).toEqual([]);
});

describe("an error of a transport of the caller's own", () => {
  test.each(TRANSPORT_CASES)(
    "with $assertion.what in $where is cleared of it",
    async ({ assertion, make }) => {
      const entra = fakeEntra().replies(() => {
        throw make(assertion);
      });
      const { credential, failure, leaks } = stageFor(assertion, entra, { clock });

      const error = await failure(credential.getToken(SCOPE));
      const again = await failure(credential.getToken(SCOPE));

      expect(error).toMatchObject({ code: "ERR_TRANSPORT" });
      expect(again).toMatchObject({
        code: "ERR_CIRCUIT_OPEN",
        cause: { code: "ERR_TRANSPORT" },
      });
      expect(leaks()).toEqual([]);
    },
  );
});

describe("an error of one of our own classes", () => {
  test.each(ASSERTIONS)("thrown by a transport is cleared of $what in it", async (assertion) => {
    const entra = fakeEntra().replies(() => {
      throw new TransportError(`could not send ${assertion.secret}`, {
        systemCode: "E_OWN",
        cause: withForm(assertion),
      });
    });
    const { credential, failure, leaks } = stageFor(assertion, entra, { clock });

    const error = await failure(credential.getToken(SCOPE));

    expect(error).toMatchObject({ code: "ERR_TRANSPORT", systemCode: "E_OWN" });
    expect(leaks()).toEqual([]);
  });

  test.each(ASSERTIONS)(
    "thrown by getAssertion is cleared of $what in its cause",
    async (assertion) => {
      const getAssertion = async () => {
        throw new AssertionUnavailableError("the vault said no", { cause: withForm(assertion) });
      };
      const { credential, failure, leaks } = stageFor(assertion, fakeEntra(), { getAssertion });

      const error = await failure(credential.getToken(SCOPE));

      expect(error).toMatchObject({ message: "the vault said no" });
      expect(leaks()).toEqual([]);
    },
  );
});

test("an error whose members throw is copied without them", async () => {
  const hostile = Object.defineProperty(new Error("failed"), "message", {
    get: () => {
      throw new Error(JWT_ASSERTION.secret);
    },
  });
  const getAssertion = async () => {
    throw hostile;
  };
  const { credential, failure, leaks } = stageFor(JWT_ASSERTION, fakeEntra(), { getAssertion });

  const error = await failure(credential.getToken(SCOPE));

  expect(error).toMatchObject({ code: "ERR_ASSERTION_UNAVAILABLE" });
  expect(leaks()).toEqual([]);
});

import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { AbortError, abortErrorFor } from "../../src/domain/abort-error.ts";
import {
  AcquisitionTimeoutError,
  AssertionUnavailableError,
  CircuitOpenError,
  ClientAuthenticationError,
  ConfigurationError,
  CredentialClosedError,
  CredentialError,
  type CredentialErrorCode,
  CredentialUnavailableError,
  type ErrorDetails,
  MalformedResponseError,
  StorageUnavailableError,
  TenantNotAllowedError,
  TokenEndpointError,
  TransportError,
} from "../../src/domain/errors.ts";

const errorResponse = { error: "invalid_client", errorDescription: "AADSTS700016: no such app." };

type Make = (details?: ErrorDetails) => CredentialError;

// By code, so that a new code without a row here does not compile.
const MAKE: Readonly<Record<CredentialErrorCode, Make>> = {
  ERR_CONFIGURATION: (details) => new ConfigurationError("m", details),
  ERR_TENANT_NOT_ALLOWED: (details) => new TenantNotAllowedError("m", details),
  ERR_ASSERTION_UNAVAILABLE: (details) => new AssertionUnavailableError("m", details),
  ERR_STORAGE_UNAVAILABLE: (details) => new StorageUnavailableError("m", details),
  ERR_CLOSED: (details) => new CredentialClosedError("m", details),
  ERR_TOKEN_ENDPOINT: (details) =>
    new TokenEndpointError("m", { statusCode: 401, errorResponse, entraCode: 700016, ...details }),
  ERR_MALFORMED_RESPONSE: (details) =>
    new MalformedResponseError("m", { statusCode: 200, ...details }),
  ERR_TRANSPORT: (details) => new TransportError("m", { systemCode: "ECONNRESET", ...details }),
  ERR_TIMEOUT: (details) =>
    new AcquisitionTimeoutError("m", { budget: "attempt", timeoutMs: 10_000, ...details }),
  ERR_CIRCUIT_OPEN: (details) => new CircuitOpenError("m", details),
};

const AUTHENTICATION = [
  { code: "ERR_TOKEN_ENDPOINT", name: "TokenEndpointError", transient: false },
  { code: "ERR_MALFORMED_RESPONSE", name: "MalformedResponseError", transient: true },
  { code: "ERR_TRANSPORT", name: "TransportError", transient: true },
  { code: "ERR_TIMEOUT", name: "AcquisitionTimeoutError", transient: true },
  { code: "ERR_CIRCUIT_OPEN", name: "CircuitOpenError", transient: true },
].map((row) => ({ ...row, make: makeOf(row.code) }));

const ALL = Object.entries(MAKE).map(([code, make]) => ({
  code,
  make,
  transient: AUTHENTICATION.find((row) => row.code === code)?.transient ?? false,
}));

const UNAVAILABLE = ALL.filter(({ code }) => !AUTHENTICATION.some((row) => row.code === code));

test.each(UNAVAILABLE)(
  "7 $code is of the unavailable family, which a chain knows by name",
  ({ make }) => {
    expect(make()).toBeInstanceOf(CredentialUnavailableError);
    expect(make()).not.toBeInstanceOf(ClientAuthenticationError);
    expect(make().name).toBe("CredentialUnavailableError");
  },
);

test.each(AUTHENTICATION)(
  "7 $code is of the authentication family and named $name",
  ({ make, name }) => {
    expect(make()).toBeInstanceOf(ClientAuthenticationError);
    expect(make()).not.toBeInstanceOf(CredentialUnavailableError);
    expect(make().name).toBe(name);
  },
);

test.each(ALL)("7 $code: code, message, transient by default, nothing remembered", (row) => {
  const error = row.make();

  expect(error).toBeInstanceOf(CredentialError);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ code: row.code, message: "m", transient: row.transient });
  expect(error).toMatchObject({ remembered: false, attempts: [] });
  expect(Object.isFrozen(error.attempts)).toBe(true);
});

const DETAILS = {
  correlationId: "an-id",
  retryAfterMs: 1_500,
  transient: true,
  remembered: true,
  attempts: [{ attempt: 1, code: "ERR_TRANSPORT", systemCode: "EPIPE", durationMs: 3 }],
} as const;

test.each(ALL)("7 $code carries what it is told", ({ make }) => {
  const cause = new Error("inner");

  expect(make({ ...DETAILS, cause })).toMatchObject({ ...DETAILS, cause });
});

test.each(ALL)("7 $code has no member for what it is not told", ({ make }) => {
  const error = make();

  for (const member of ["correlationId", "retryAfterMs", "cause"]) {
    expect(Object.hasOwn(error, member)).toBe(false);
  }
});

describe("a reissued error", () => {
  test.each(ALL)("$code is another object of the same class with the same facts", ({ make }) => {
    const error = make({ ...DETAILS, cause: new Error("inner") });

    const again = error.reissue();

    expect(again).not.toBe(error);
    expect(again.constructor).toBe(error.constructor);
    expect({ ...again }).toEqual({ ...error });
    expect([again.name, again.message]).toEqual([error.name, error.message]);
    expect(again.cause).toEqual(error.cause);
  });

  test.each(ALL)("$code takes changes, and leaves the first as it was", ({ make }) => {
    const error = make({ correlationId: "first" });

    const again = error.reissue({ remembered: true, retryAfterMs: 7 }, "another message");

    expect(again).toMatchObject({
      correlationId: "first",
      remembered: true,
      retryAfterMs: 7,
      message: "another message",
    });
    expect(error).toMatchObject({ remembered: false, message: "m" });
    expect(error.retryAfterMs).toBeUndefined();
  });

  test("has a cause of its own, and so has that cause", () => {
    const innermost = new TransportError("first", { systemCode: "EPIPE" });
    const inner = new CircuitOpenError("second", { cause: innermost });
    const error = new AcquisitionTimeoutError("third", {
      budget: "deadline",
      timeoutMs: 1,
      cause: inner,
    });

    const { cause } = error.reissue();

    expect(cause).toEqual(inner);
    expect(cause).not.toBe(inner);
    expect(causeOf(cause)).toEqual(innermost);
    expect(causeOf(cause)).not.toBe(innermost);
  });

  test("may be reissued again with what was changed before", () => {
    const error = new ConfigurationError("m")
      .reissue({ remembered: true })
      .reissue({ retryAfterMs: 1 });

    expect(error).toMatchObject({ remembered: true, retryAfterMs: 1 });
  });

  test("has a stack of its own", () => {
    const error = new ConfigurationError("m");

    function caller() {
      return error.reissue();
    }

    expect(caller().stack).toContain("caller");
    expect(error.stack).not.toContain("caller");
  });
});

test("3.7 a refusal keeps the authority's answer, frozen", () => {
  const given = { ...errorResponse };
  const error = new TokenEndpointError("m", { statusCode: 401, errorResponse: given });

  given.error = "changed";

  expect(error.errorResponse.error).toBe("invalid_client");
  expect(Object.isFrozen(error.errorResponse)).toBe(true);
  expect(Object.hasOwn(error, "entraCode")).toBe(false);
});

test("7 an error is read at a glance: its inspection shows name, message and code", () => {
  const text = inspect(new TransportError("it broke", { systemCode: "EPIPE" }));

  expect(text).toContain("TransportError: it broke");
  expect(text).toContain("code: 'ERR_TRANSPORT'");
});

describe("2.4 an AbortError", () => {
  test("is no credential error: nothing failed", () => {
    expect(new AbortError()).not.toBeInstanceOf(CredentialError);
    expect(new AbortError().name).toBe("AbortError");
  });

  test("has the signal's reason as its cause", () => {
    const reason = new Error("enough");

    expect(abortErrorFor(AbortSignal.abort(reason)).cause).toBe(reason);
  });

  test("has no cause when the signal tells no reason", () => {
    expect(Object.hasOwn(abortErrorFor({}), "cause")).toBe(false);
  });
});

function makeOf(code: string): Make {
  const entry = Object.entries(MAKE).find(([known]) => known === code);
  if (entry === undefined) throw new Error(`no class has the code ${code}`);
  return entry[1];
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

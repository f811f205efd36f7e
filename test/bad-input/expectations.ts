import { expect } from "vitest";
import {
  ClientAssertionCredential,
  ClientAuthenticationError,
  ConfigurationError,
  type CredentialError,
  CredentialUnavailableError,
} from "../../src/index.ts";
import { CLIENT, SCOPE, TENANT } from "../support/credentials.ts";
import type { FakeEntra } from "../support/fake-entra.ts";

/** Constructs as plain JavaScript does: with anything at all. */
export function construct(...parameters: readonly unknown[]): ClientAssertionCredential {
  return Reflect.construct(ClientAssertionCredential, parameters);
}

/** Constructs with sound parameters and these options, which may be anything. */
export function constructWith(options: unknown): ClientAssertionCredential {
  return construct(TENANT, CLIENT, async () => "an-assertion", options);
}

/** Calls as plain JavaScript does: with anything at all. */
export function call(
  credential: ClientAssertionCredential,
  method: "getToken" | "getTokenInfo",
  parameters: readonly unknown[],
): Promise<unknown> {
  return Reflect.apply(credential[method], credential, parameters);
}

export function peek(
  credential: ClientAssertionCredential,
  parameters: readonly unknown[],
): unknown {
  return Reflect.apply(credential.peek, credential, parameters);
}

/** What a function throws; fails the test when it does not. */
export function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("expected a throw");
}

type ErrorClass<E> = new (...parameters: never[]) => E;

/** That the error is of the unavailable family and says this. */
export function expectUnavailable(
  error: unknown,
  message: RegExp,
  Class: ErrorClass<CredentialError> = ConfigurationError,
  code = "ERR_CONFIGURATION",
): void {
  expect(error).toBeInstanceOf(Class);
  expect(error).toBeInstanceOf(CredentialUnavailableError);
  expect(error).toMatchObject({
    name: "CredentialUnavailableError",
    code,
    transient: false,
    message: expect.stringMatching(message),
  });
}

/** That the error is of the authentication family and says this. */
export function expectAuthentication(
  error: unknown,
  message: RegExp,
  Class: ErrorClass<CredentialError>,
  facts: object,
): void {
  expect(error).toBeInstanceOf(Class);
  expect(error).toBeInstanceOf(ClientAuthenticationError);
  expect(error).toMatchObject({
    name: Class.name,
    message: expect.stringMatching(message),
    ...facts,
  });
}

/** That after a bad call nothing is cached and the next good call asks the authority. */
export async function expectNextCallFlies(
  credential: ClientAssertionCredential,
  entra: FakeEntra,
): Promise<void> {
  const before = entra.requests.length;
  expect(credential.peek(SCOPE)).toBeUndefined();

  const { token } = await credential.getToken(SCOPE);

  expect(token).toBeTruthy();
  expect(entra.requests).toHaveLength(before + 1);
}

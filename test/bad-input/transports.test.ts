import { expect, test, vi } from "vitest";
import { ClientAssertionCredential, type TokenEndpoint, TransportError } from "../../src/index.ts";
import { CLIENT, SCOPE, TENANT } from "../support/credentials.ts";
import { rejection } from "../support/rejection.ts";
import { expectUnavailable } from "./expectations.ts";

function against(post: () => unknown): ClientAssertionCredential {
  // The cast is the caller without types.
  const transport = { post: async () => post() } as unknown as TokenEndpoint;
  return new ClientAssertionCredential(TENANT, CLIENT, () => "an-assertion", { transport });
}

test.each<[string, unknown, RegExp]>([
  ["nothing", undefined, /it gave no response/],
  ["a text", "token", /it gave no response/],
  ["no status", { headers: {}, body: "" }, /status is no whole number/],
  ["a status of text", { status: "200", headers: {}, body: "" }, /status is no whole number/],
  ["no headers", { status: 200, body: "{}" }, /headers is no object/],
  ["a parsed body", { status: 200, headers: {}, body: {} }, /body is no string/],
])("a transport that gives %s is told so, once and for all", async (_, response, reason) => {
  const post = vi.fn(() => response);

  const error = await rejection(against(post).getToken(SCOPE));

  expect(error).toBeInstanceOf(TransportError);
  expect(error).toMatchObject({ transient: false, message: expect.stringMatching(reason) });
  expect(post).toHaveBeenCalledTimes(1);
});

test.each(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY"])(
  "3.5 a %s that is no URL is refused by its name, and its password is not told",
  (name) => {
    vi.stubEnv(name, "http://user:hunter2@[bad");
    let thrown: unknown;
    try {
      new ClientAssertionCredential(TENANT, CLIENT, () => "an-assertion");
    } catch (error) {
      thrown = error;
    } finally {
      vi.unstubAllEnvs();
    }

    expectUnavailable(thrown, new RegExp(`^The environment's ${name} is not`));
    expect(String(thrown)).not.toContain("hunter2");
  },
);

test("5.8 peek takes null for no options, as getToken does", () => {
  const credential = against(() => undefined);

  expect(Reflect.apply(credential.peek, credential, [SCOPE, null])).toBeUndefined();
});

test("1.1 a blank client id is none", () => {
  expect(() => new ClientAssertionCredential(TENANT, " ", () => "an-assertion")).toThrow(
    /parameter clientId is missing or wrong/,
  );
});

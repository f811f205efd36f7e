import { expect, onTestFinished, test, vi } from "vitest";
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
  [
    "a header of a number",
    { status: 200, headers: { "retry-after": 5 }, body: "" },
    /the header retry-after is no string/,
  ],
  ["a parsed body", { status: 200, headers: {}, body: {} }, /body is no string/],
])("a transport that gives %s is told so, once and for all", async (_, response, reason) => {
  const post = vi.fn(() => response);

  const error = await rejection(against(post).getToken(SCOPE));

  expect(error).toBeInstanceOf(TransportError);
  expect(error).toMatchObject({ transient: false, message: expect.stringMatching(reason) });
  expect(post).toHaveBeenCalledTimes(1);
});

test.each(["HTTPS_PROXY", "https_proxy"])(
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

test.each([
  ["HTTP_PROXY", "of another scheme", {}],
  ["HTTPS_PROXY", "beside a transport of one's own", { transport: { post: async () => never() } }],
])("3.5 a %s %s is not looked at", (name, _, options) => {
  vi.stubEnv(name, "junk");
  onTestFinished(() => void vi.unstubAllEnvs());

  expect(() => new ClientAssertionCredential(TENANT, CLIENT, () => "x", options)).not.toThrow();
});

function never(): never {
  throw new Error("nothing should be sent");
}

test("5.8 peek takes null for no options, as getToken does", () => {
  const credential = against(() => undefined);

  expect(Reflect.apply(credential.peek, credential, [SCOPE, null])).toBeUndefined();
});

test("1.1 a blank client id is none", () => {
  expect(() => new ClientAssertionCredential(TENANT, " ", () => "an-assertion")).toThrow(
    /parameter clientId is missing or wrong/,
  );
});

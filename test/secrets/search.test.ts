import { describe, expect, test } from "vitest";
import { JWT_ASSERTION, OPAQUE_ASSERTION, TOKEN } from "./canaries.ts";
import { leaksOf } from "./search.ts";

// The search itself: it must find what is planted, or its silence means nothing.

const { secret } = OPAQUE_ASSERTION;
const [, payload = "", signature = ""] = JWT_ASSERTION.secret.split(".");
const ALL = [JWT_ASSERTION, OPAQUE_ASSERTION, TOKEN];

class Holder {
  #secret = secret;
  readonly shown: unknown;

  constructor(shown?: unknown) {
    this.shown = shown;
  }

  reveal(): string {
    return this.#secret;
  }
}

function withMember(key: PropertyKey, descriptor: PropertyDescriptor): object {
  return Object.defineProperty({}, key, descriptor);
}

function withCause(depth: number): Error {
  const cause = depth === 0 ? new Error(`it held ${secret}`) : withCause(depth - 1);
  return new Error("outer", { cause });
}

const circular: { self?: unknown; deep?: unknown } = { deep: [[[{ secret }]]] };
circular.self = circular;

describe("a planted leak is found", () => {
  test.each<[string, unknown]>([
    ["a string", `text with ${secret} in it`],
    ["a member", { options: { form: { client_assertion: secret } } }],
    ["a name of a member", { [secret]: 1 }],
    ["a hidden member", withMember("form", { value: secret, enumerable: false })],
    ["a symbol's member", withMember(Symbol("form"), { value: secret })],
    ["a getter", withMember("form", { get: () => secret, enumerable: true })],
    ["a member of a class", new Holder({ secret })],
    ["the message of an error", new Error(`failed with ${secret}`)],
    ["a member of an error", Object.assign(new Error("failed"), { options: { form: secret } })],
    ["the stack of an error", Object.assign(new Error("failed"), { stack: `Error: ${secret}` })],
    ["the cause of a cause of a cause", withCause(3)],
    ["an error among many", new AggregateError([new Error(secret)], "failed")],
    ["what toJSON says", { toJSON: () => secret }],
    ["what toString says", { toString: () => secret }],
    ["a map's value", new Map([["a", new Set([secret])]])],
    ["a map's key", new Map([[secret, 1]])],
    ["a settled promise", Promise.resolve({ secret })],
    [
      "the 200th item of an array",
      Array.from({ length: 200 }, (_, i) => (i === 199 ? secret : "")),
    ],
    ["the end of a long string", `${"x".repeat(50_000)}${secret}`],
    ["bytes", Buffer.from(`${"x".repeat(500)}${secret}`)],
    ["a circle", circular],
    ["an encoded form", `client_assertion=${encodeURIComponent(secret)}`],
    ["base64", Buffer.from(secret).toString("base64")],
    ["hex", Buffer.from(secret).toString("hex")],
  ])("in %s", (_where, value) => {
    expect(leaksOf(value, ALL)).not.toEqual([]);
  });

  test.each([
    ["whole", JWT_ASSERTION.secret],
    ["only its payload", payload],
    ["only its signature", signature],
    ["only the start of its payload", payload.slice(0, 20)],
  ])("when a JWT shows: %s", (_what, shown) => {
    expect(leaksOf(new Error(`it was ${shown}`), ALL)).not.toEqual([]);
  });
});

test.each<[string, unknown]>([
  ["a private field", new Holder()],
  ["an error about nothing", new Error("failed")],
  ["another bird", "yellow-bird"],
  ["nothing", undefined],
])("and nothing is found in %s", (_where, value) => {
  expect(leaksOf(value, ALL)).toEqual([]);
});

test("a leak is told by what leaks and where", () => {
  expect(leaksOf({ a: secret }, ALL)).toContain("no JWT in its JSON");
});

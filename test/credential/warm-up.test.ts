import { expect, test } from "vitest";
import { ConfigurationError } from "../../src/index.ts";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, OTHER_TENANT, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { OlderSignal } from "../support/older-signal.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

test("5.8 warmUp gets many tokens, and the calls that want them are hits", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, { additionallyAllowedTenants: ["*"] });

  const results = await credential.warmUp([
    SCOPE,
    ["b", "a"],
    { scopes: SCOPE, tenantId: OTHER_TENANT },
  ]);

  expect(results.map(({ status }) => status)).toEqual(times(3, () => "fulfilled"));
  await credential.getToken("a b");
  await credential.getToken(SCOPE, { tenantId: OTHER_TENANT });
  expect(entra.requests).toHaveLength(3);
});

test("5.8 warmUp tells of each request in its order, and never rejects for one that failed", async () => {
  const entra = fakeEntra().issues("first").refuses(400, "invalid_scope", 70011).issues("third");
  const credential = credentialAgainst(entra);

  const results = await credential.warmUp(["one", "two", "three", " "], { concurrency: 1 });

  expect(results).toEqual([
    { status: "fulfilled", value: expect.objectContaining({ token: "first" }) },
    { status: "rejected", reason: expect.objectContaining({ code: "ERR_TOKEN_ENDPOINT" }) },
    { status: "fulfilled", value: expect.objectContaining({ token: "third" }) },
    { status: "rejected", reason: expect.objectContaining({ code: "ERR_CONFIGURATION" }) },
  ]);
});

test("5.8 warmUp asks for eight at once, or as many as it is told", async () => {
  const entra = fakeEntra().takes(100);
  const credential = credentialAgainst(entra);
  const scopes = times(20, (index) => `scope-${index}`);

  const all = credential.warmUp(scopes);
  await clock.advance({ ms: 99 });
  expect(entra.requests).toHaveLength(8);
  await clock.advance({ ms: 300 });
  await all;

  const others = credential.warmUp(
    scopes.map((scope) => `${scope}/other`),
    { concurrency: 3 },
  );
  await clock.advance({ ms: 99 });
  expect(entra.requests).toHaveLength(20 + 3);
  await clock.advance({ seconds: 1 });
  await others;
});

test("5.8 an abort ends what is still to be got", async () => {
  const entra = fakeEntra().takes(100);
  const abort = new AbortController();
  const all = credentialAgainst(entra).warmUp(["one", "two", "three"], {
    concurrency: 1,
    abortSignal: abort.signal,
  });
  await clock.advance({ ms: 150 });

  abort.abort();

  expect((await all).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
  expect(entra.requests).toHaveLength(2);
});

test.each<[string, unknown, unknown]>([
  ["warmUp takes an array", "scope", {}],
  ["warmUp[1] must be an object", ["scope", 7], {}],
  ["warmUp.concurrency must be a whole number from 1 to 1000", [], { concurrency: 0 }],
  ['warmUp has no option "concurency". Did you mean concurrency?', [], { concurency: 2 }],
])("5.8 %s", async (message, requests, options) => {
  const credential = credentialAgainst(fakeEntra());

  const error = await rejection(Reflect.apply(credential.warmUp, credential, [requests, options]));

  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error).toMatchObject({ message: expect.stringContaining(message) });
});

test("5.8 the abort of a warm-up reaches requests that have a signal of their own", async () => {
  const entra = fakeEntra().takes(100);
  const [all, own] = [new AbortController(), new OlderSignal()];
  const results = credentialAgainst(entra).warmUp(
    [
      { scopes: "one", abortSignal: own },
      { scopes: "two", abortSignal: own },
    ],
    { concurrency: 1, abortSignal: all.signal },
  );
  await clock.advance({ ms: 50 });

  all.abort(new Error("shutting down"));

  expect(await results).toEqual(
    times(2, () => ({
      status: "rejected",
      reason: expect.objectContaining({ name: "AbortError", cause: new Error("shutting down") }),
    })),
  );
  expect(own.listeners.size).toBe(0);
});

test("5.8 a hole in the list is bad input, not a crash", async () => {
  const holed: string[] = [];
  holed[1] = SCOPE;

  const error = await rejection(credentialAgainst(fakeEntra()).warmUp(holed));

  expect(error).toMatchObject({ message: expect.stringContaining("warmUp[0] must be an object") });
});

import { expect, test, vi } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { CLIENT, credentialAgainst, OTHER_SCOPE, SCOPE, TENANT } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

test("2.1 a token comes with its expiry and its refresh point in milliseconds", async () => {
  const credential = credentialAgainst(fakeEntra().issues("first", { expires_in: 3600 }));

  const token = await credential.getToken(SCOPE);

  expect(token).toEqual({
    token: "first",
    expiresOnTimestamp: Date.now() + 3_600_000,
    refreshAfterTimestamp: Date.now() + 3_300_000,
    tokenType: "Bearer",
  });
});

test("2.1 the token info tells the same in whole seconds", async () => {
  const credential = credentialAgainst(fakeEntra().issues("first", { expires_in: 3600 }));

  const info = await credential.getTokenInfo(SCOPE);

  const now = Math.floor(Date.now() / 1_000);
  expect(info).toEqual({
    token: "first",
    expiresOn: now + 3_600,
    refreshOn: now + 3_300,
    tokenType: "Bearer",
  });
});

test("2.2 scopes are found whatever their order, number and white space", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);

  const tokens = [
    await credential.getToken("b a"),
    await credential.getToken("a b"),
    await credential.getToken(["a", "b"]),
    await credential.getToken(["b\ta", "a"]),
    await credential.getToken(" a\n b "),
  ];

  expect(new Set(tokens.map(({ token }) => token))).toEqual(new Set(["token-1"]));
  expect(entra.requests.map(({ form }) => form.get("scope"))).toEqual(["a b"]);
});

test("2.2 the case of a scope is kept", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);

  await credential.getToken("api://App/.default");
  await credential.getToken("api://app/.default");

  expect(entra.requests.map(({ form }) => form.get("scope"))).toEqual([
    "api://App/.default",
    "api://app/.default",
  ]);
});

test("2.3 a refresh can be forced, and renews what later calls get", async () => {
  const credential = credentialAgainst(fakeEntra().issues("first").issues("second"));
  await credential.getToken(SCOPE);

  const forced = await credential.getToken(SCOPE, { forceRefresh: true });

  expect(forced.token).toBe("second");
  expect((await credential.getToken(SCOPE)).token).toBe("second");
});

test("2.3 a forced refresh that fails rejects, and the good token stays", async () => {
  const credential = credentialAgainst(
    fakeEntra().issues("first").refuses(400, "invalid_scope", 70011),
  );
  await credential.getToken(SCOPE);

  const error = await rejection(credential.getToken(SCOPE, { forceRefresh: true }));

  expect(error).toMatchObject({ code: "ERR_TOKEN_ENDPOINT", statusCode: 400 });
  expect((await credential.getToken(SCOPE)).token).toBe("first");
});

test("2.3 a forced refresh joins only a flight begun as forced", async () => {
  const entra = fakeEntra();
  const landFirst = entra.holds("ordinary");
  const landSecond = entra.holds("forced");
  const credential = credentialAgainst(entra);

  const ordinary = credential.getToken(SCOPE);
  const forced = times(3, () => credential.getToken(SCOPE, { forceRefresh: true }));
  await vi.waitFor(() => expect(entra.requests).toHaveLength(2));
  landSecond();
  landFirst();

  expect((await ordinary).token).toBe("ordinary");
  expect((await Promise.all(forced)).map(({ token }) => token)).toEqual(times(3, () => "forced"));
  expect((await credential.getToken(SCOPE)).token).toBe("forced");
});

test("2.3 a token with less than the minimum validity left is renewed first", async () => {
  const credential = credentialAgainst(fakeEntra().issues("first").issues("second"));
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 31 });

  expect((await credential.getToken(SCOPE)).token).toBe("first");
  expect((await credential.getToken(SCOPE, { minimumValidityMs: 1_800_000 })).token).toBe("second");
});

test("2.3 a minimum validity that the authority cannot meet does not make every call a request", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);

  for (let call = 0; call < 20; call += 1) {
    await credential.getToken(SCOPE, { minimumValidityMs: 7_200_000 });
    await clock.advance({ seconds: 1 });
  }

  expect(entra.requests).toHaveLength(1);
});

test("2.3 with the minimum validity refused the valid token is returned", async () => {
  const credential = credentialAgainst(
    fakeEntra().issues("first").refuses(400, "invalid_scope", 70011),
  );
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 31 });

  const token = await credential.getToken(SCOPE, { minimumValidityMs: 1_800_000 });

  expect(token.token).toBe("first");
});

test("2.3 unknown options of a call are ignored, empty ones mean none", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);
  const options = { tenantId: "", claims: "", somethingElse: true };

  await credential.getToken(SCOPE, options);
  await credential.getToken(SCOPE);

  expect(entra.requests).toHaveLength(1);
  expect(entra.requests[0]?.form.has("claims")).toBe(false);
});

test("2.6 a hit calls no assertion and sends nothing", async () => {
  const entra = fakeEntra();
  const getAssertion = vi.fn(async () => "an-assertion");
  const credential = credentialAgainst(entra, { getAssertion });
  await credential.getToken(SCOPE);

  await Promise.all(times(1_000, () => credential.getToken(SCOPE)));
  await Promise.all(times(1_000, () => credential.getToken([SCOPE], { tenantId: TENANT })));

  expect(getAssertion).toHaveBeenCalledTimes(1);
  expect(entra.requests).toHaveLength(1);
});

test("2.6 a hit waits for no timer", async () => {
  const credential = credentialAgainst(fakeEntra());
  await credential.getToken(SCOPE);
  const timers = vi.getTimerCount();

  const call = credential.getToken(SCOPE, { requestOptions: { timeout: 5 } });

  expect(vi.getTimerCount()).toBe(timers);
  await call;
});

test("5.1 the least recently used token goes first", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra, { cache: { maxEntries: 2 } });

  await credential.getToken("a");
  await credential.getToken("b");
  await credential.getToken("a");
  await credential.getToken("c");

  expect(credential.peek("a")).toBeDefined();
  expect(credential.peek("b")).toBeUndefined();
  expect(credential.peek("c")).toBeDefined();
});

test("5.1 a crafted scope reaches no other tenant's token", async () => {
  const entra = fakeEntra();
  const other = "other.example";
  const credential = credentialAgainst(entra, { additionallyAllowedTenants: ["*"] });
  await credential.getToken(SCOPE, { tenantId: other });

  const crafted = ["https://login.microsoftonline.com", CLIENT, other, SCOPE, "", ""].join("\n");
  await credential.getToken(crafted);

  expect(entra.requests).toHaveLength(2);
  expect(entra.requests[1]?.url).toContain(TENANT);
});

test("5.8 peek gives the usable token and asks nobody", async () => {
  const entra = fakeEntra().issues("first");
  const credential = credentialAgainst(entra);

  expect(credential.peek(SCOPE)).toBeUndefined();
  await credential.getToken(SCOPE);

  expect(credential.peek(SCOPE)?.token).toBe("first");
  expect(credential.peek(OTHER_SCOPE)).toBeUndefined();
  await clock.advance({ minutes: 60 });
  expect(credential.peek(SCOPE)).toBeUndefined();
  expect(entra.requests).toHaveLength(1);
});

test("5.9 nothing a caller does to the token reaches the next caller", async () => {
  const credential = credentialAgainst(fakeEntra().issues("first"));
  const mine = await credential.getToken(SCOPE);

  expect(() => Object.assign(mine, { token: "mine" })).toThrow(TypeError);

  expect((await credential.getToken(SCOPE)).token).toBe("first");
});

import { expect, test, vi } from "vitest";
import { CredentialClosedError } from "../../src/index.ts";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

test("8 calls after closing are refused, whether a token was at hand or not", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);

  await credential.close();

  const errors = [
    await rejection(credential.getToken(SCOPE)),
    await rejection(credential.getToken("other", { enableCae: true })),
    await rejection(credential.getTokenInfo(SCOPE)),
  ];
  for (const error of errors) {
    expect(error).toBeInstanceOf(CredentialClosedError);
    expect(error).toMatchObject({ name: "CredentialUnavailableError", code: "ERR_CLOSED" });
  }
  expect(credential.peek(SCOPE)).toBeUndefined();
  expect(entra.requests).toHaveLength(1);
});

test("8 calls pending at that moment are refused as well, and their request is destroyed", async () => {
  const entra = fakeEntra().hangs();
  const credential = credentialAgainst(entra);
  const pending = times(3, () => rejection(credential.getToken(SCOPE)));
  await vi.waitFor(() => expect(entra.requests).toHaveLength(1));

  await credential.close();

  for (const error of await Promise.all(pending))
    expect(error).toBeInstanceOf(CredentialClosedError);
  expect(entra.requests[0]?.signal.aborted).toBe(true);
});

test("8 closing refuses a caller that waits with an expiring token", async () => {
  const entra = fakeEntra().issues("first").hangs();
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 59, seconds: 40 });
  const pending = rejection(credential.getToken(SCOPE));
  await vi.waitFor(() => expect(entra.requests).toHaveLength(2));

  await credential.close();

  expect(await pending).toBeInstanceOf(CredentialClosedError);
});

test("8 an answer that comes after closing is not kept", async () => {
  const entra = fakeEntra();
  const land = entra.holds("late");
  const credential = credentialAgainst(entra);
  const pending = rejection(credential.getToken(SCOPE));
  await vi.waitFor(() => expect(entra.requests).toHaveLength(1));

  await credential.close();
  land();
  await pending;
  await clock.advance({ seconds: 1 });

  expect(credential.peek(SCOPE)).toBeUndefined();
});

test("8 closing twice closes the transport once", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);

  await Promise.all([credential.close(), credential.close()]);
  await credential.close();

  expect(entra.closed).toBe(1);
});

test("8 a credential in an `await using` block is closed at its end", async () => {
  const entra = fakeEntra();
  {
    await using credential = credentialAgainst(entra);
    await credential.getToken(SCOPE);
  }

  expect(entra.closed).toBe(1);
});

test("8 after closing no timer is left, whatever was under way", async () => {
  const entra = fakeEntra().issues("first").hangs();
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 56 });
  await credential.getToken(SCOPE);
  void rejection(credential.getToken("other", { requestOptions: { timeout: 60_000 } }));
  await vi.waitFor(() => expect(entra.requests).toHaveLength(3));

  await credential.close();
  await clock.advance({ ms: 0 });

  expect(vi.getTimerCount()).toBe(0);
});

import { AzureLogger, setLogLevel } from "@azure/logger";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { CLIENT, credentialAgainst, OTHER_SCOPE, SCOPE, TENANT } from "../support/credentials.ts";
import { type FakeEntra, fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const { log } = AzureLogger;
let lines: string[];

beforeEach(() => {
  lines = [];
  AzureLogger.log = (...words: readonly unknown[]) => void lines.push(words.join(" "));
});
afterEach(() => {
  AzureLogger.log = log;
  setLogLevel(undefined);
});
const clock = useFakeClock();

/** A miss, three hits, a renewal in vain after two tries and one with success. */
async function oneOfEach(options: Parameters<typeof credentialAgainst>[1] = {}): Promise<void> {
  const entra = fakeEntra()
    .issues("first")
    .refuses(503, "server_error")
    .refuses(400, "invalid_grant", 70002)
    .issues("second");
  const credential = credentialAgainst(entra, options);
  await credential.getToken(SCOPE);
  await Promise.all(times(3, () => credential.getToken(SCOPE)));
  const failing = rejection(credential.getToken(SCOPE, { forceRefresh: true }));
  await clock.advance({ seconds: 5 });
  await failing;
  await credential.getToken(SCOPE, { forceRefresh: true });
  await clock.advance({ ms: 1 });
  expect(entra.requests).toHaveLength(4);
}

/** A call whose answer is this, after the lines of all before it. */
async function refusedBy(entra: FakeEntra): Promise<void> {
  const options = { resilience: { maxRetries: 0, circuitBreaker: { failures: 1 } } };
  await rejection(credentialAgainst(entra, options).getToken(SCOPE));
  await clock.advance({ ms: 1 });
}

test("nothing is written unless somebody asks for it", async () => {
  await oneOfEach();

  expect(lines).toEqual([]);
});

test("at info there is one line for each refresh and each failure, and none for a hit", async () => {
  setLogLevel("info");

  await oneOfEach();

  expect(lines).toEqual([
    "azure:affiant:info got a token for https://vault.azure.net (on_demand, 1 attempt); it lasts 60 min",
    "azure:affiant:warning no new token for https://vault.azure.net (forced): _OTHER, AADSTS70002; the token there is lasts another 60 min",
    "azure:affiant:info got a token for https://vault.azure.net (forced, 1 attempt); it lasts 60 min",
  ]);
});

test("at verbose there is one more for each retry", async () => {
  setLogLevel("verbose");

  await oneOfEach();

  expect(lines).toHaveLength(4);
  expect(lines[1]).toMatch(
    /^azure:affiant:verbose asks again for https:\/\/vault\.azure\.net in \d+ ms: server_error$/,
  );
});

test("a failure that leaves no token is an error, told once however often it is repeated", async () => {
  setLogLevel("error");
  const credential = credentialAgainst(fakeEntra().refuses(401, "invalid_client", 700027));

  for (const scope of times(20, () => SCOPE)) await rejection(credential.getToken(scope));
  await clock.advance({ ms: 1 });

  expect(lines).toEqual([
    "azure:affiant:error no new token for https://vault.azure.net (on_demand): invalid_client, AADSTS700027; there is no token to serve",
  ]);
});

describe("at warning", () => {
  beforeEach(() => setLogLevel("warning"));

  test("a Retry-After is told, with how long", async () => {
    await refusedBy(fakeEntra().refuses(429, "busy", undefined, { "retry-after": "17" }));

    expect(lines[0]).toBe(
      "azure:affiant:warning login.microsoftonline.com wants to be left alone for 17 s, asked for https://vault.azure.net",
    );
  });

  test("a circuit that opens is told, and not that it closes", async () => {
    const entra = fakeEntra().refuses(503, "server_error").issues("back");
    const options = { resilience: { maxRetries: 0, circuitBreaker: { failures: 1 } } };
    const credential = credentialAgainst(entra, options);
    await rejection(credential.getToken(SCOPE));
    await clock.advance({ seconds: 11 });

    await credential.getToken(OTHER_SCOPE);
    await clock.advance({ ms: 1 });

    expect(lines.filter((line) => line.includes("circuit"))).toEqual([
      "azure:affiant:warning the circuit of login.microsoftonline.com is open",
    ]);
  });

  test("a stale token is told of once, however many get it", async () => {
    const entra = fakeEntra().issues("old").refuses(400, "invalid_grant");
    const credential = credentialAgainst(entra);
    await credential.getToken(SCOPE);
    await clock.advance({ minutes: 56 });
    await credential.getToken(SCOPE);
    await clock.advance({ seconds: 1 });

    for (const scope of times(20, () => SCOPE)) await credential.getToken(scope);
    await clock.advance({ ms: 1 });

    expect(lines.filter((line) => line.includes("serves"))).toEqual([
      "azure:affiant:warning serves the old token for https://vault.azure.net, which lasts another 239 s: _OTHER",
    ]);
  });
});

describe("who asks whom", () => {
  beforeEach(() => setLogLevel("verbose"));

  test("is in no line", async () => {
    await oneOfEach();

    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join("\n")).not.toContain(CLIENT);
    expect(lines.join("\n")).not.toContain(TENANT);
  });

  test("is in each line as the client, once account identifiers are allowed", async () => {
    await oneOfEach({ loggingOptions: { allowLoggingAccountIdentifiers: true } });

    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => !line.endsWith(` (client ${CLIENT})`))).toEqual([]);
  });
});

test("with telemetry switched off there is no line at any level", async () => {
  setLogLevel("verbose");

  await oneOfEach({
    telemetry: { enabled: false },
    loggingOptions: { allowLoggingAccountIdentifiers: true },
  });

  expect(lines).toEqual([]);
});

import { expect, test } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const ACQUISITION_DURATION = "entra.credential.token.acquisition.duration";
const REFRESH_DURATION = "entra.credential.token.refresh.duration";
const REQUEST_DURATION = "entra.credential.authority.request.duration";

useCleanGlobals();
const clock = useFakeClock();

function named(name: string, entra = fakeEntra()) {
  return credentialAgainst(entra, { telemetry: { name } });
}

test("every call is counted by where its token came from", async () => {
  const sdk = new Sdk().register();
  const credential = named("sources", fakeEntra().takes(10).issues("t", { refresh_in: 600 }));

  const calls = Promise.all(times(3, () => credential.getToken(SCOPE)));
  await clock.advance({ ms: 10 });
  await calls;
  await Promise.all(times(5, () => credential.getToken(SCOPE)));
  await clock.advance({ seconds: 601 });
  await credential.getToken(SCOPE);

  expect(await sdk.counts("sources")).toEqual({
    authority: 1,
    shared: 2,
    cache: 5,
    stale_cache: 1,
  });
});

test("failed calls are counted by error, remembered errors under the type they repeat", async () => {
  const sdk = new Sdk().register();
  const entra = fakeEntra().refuses(401, "invalid_client");
  const credential = named("failures", entra);

  const errors = [
    await rejection(credential.getToken(SCOPE)),
    await rejection(credential.getToken(SCOPE)),
    await rejection(credential.getToken("")),
  ];

  expect(errors[1]).toMatchObject({ remembered: true });
  expect(entra.requests).toHaveLength(1);
  expect(await sdk.counts("failures")).toEqual({
    "none invalid_client": 2,
    "none configuration": 1,
  });
});

test("an aborted call is counted as none without an error", async () => {
  const sdk = new Sdk().register();

  const call = named("aborted", fakeEntra().hangs()).getToken(SCOPE, {
    abortSignal: AbortSignal.abort(),
  });
  await rejection(call);

  expect(await sdk.counts("aborted")).toEqual({ none: 1 });
});

test("credentials of one name share their counts", async () => {
  const sdk = new Sdk().register();
  const credentials = [named("twins"), named("twins")];

  for (const credential of credentials) {
    await credential.getToken(SCOPE);
    await credential.getToken(SCOPE);
  }

  expect(await sdk.counts("twins")).toEqual({ authority: 2, cache: 2 });
  expect(await sdk.counts("twins")).toEqual({ authority: 2, cache: 2 });
});

test("durations are in seconds, of the call, the flight and each request", async () => {
  const sdk = new Sdk().register();
  const credential = named("durations", fakeEntra().takes(250));

  const call = credential.getToken(SCOPE);
  await clock.advance({ ms: 250 });
  await call;

  expect(await sdk.durations(ACQUISITION_DURATION)).toEqual([
    {
      attributes: {
        "entra.credential.name": "durations",
        "entra.credential.token.source": "authority",
      },
      count: 1,
      seconds: 0.25,
    },
  ]);
  expect(await sdk.durations(REFRESH_DURATION)).toEqual([
    {
      attributes: {
        "entra.credential.name": "durations",
        "entra.credential.refresh.trigger": "on_demand",
      },
      count: 1,
      seconds: 0.25,
    },
  ]);
  expect(await sdk.durations(REQUEST_DURATION)).toEqual([
    {
      attributes: {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "server.address": "login.microsoftonline.com",
        "server.port": 443,
      },
      count: 1,
      seconds: 0.25,
    },
  ]);
});

test("an error that a retry cured shows on the request's duration only", async () => {
  const sdk = new Sdk().register();
  const call = named("cured", fakeEntra().fails("ECONNRESET").issues("t")).getToken(SCOPE);
  await clock.advance({ seconds: 5 });
  await call;

  const errors = async (metric: string) =>
    (await sdk.durations(metric)).map(({ attributes }) => attributes["error.type"]);
  expect(await errors(REQUEST_DURATION)).toEqual(["ECONNRESET", undefined]);
  expect(await errors(REFRESH_DURATION)).toEqual([undefined]);
  expect(await errors(ACQUISITION_DURATION)).toEqual([undefined]);
});

test("span and metrics name one error alike", async () => {
  const sdk = new Sdk().register();

  await rejection(named("alike", fakeEntra().refuses(401, "unauthorized_client")).getToken(SCOPE));

  const onSpans = ["ClientAssertionCredential.getToken", "entra.credential.refresh"].map(
    (name) => sdk.span(name).attributes["error.type"],
  );
  const onMetrics = [
    ...(await sdk.durations(ACQUISITION_DURATION)),
    ...(await sdk.durations(REFRESH_DURATION)),
  ].map(({ attributes }) => attributes["error.type"]);
  expect([...onSpans, ...onMetrics]).toEqual(times(4, () => "unauthorized_client"));
  expect(await sdk.counts("alike")).toEqual({ "none unauthorized_client": 1 });
});

test("calls that did not wait have no duration", async () => {
  const sdk = new Sdk().register();
  const credential = named("waited", fakeEntra().refuses(401, "invalid_client"));

  await rejection(credential.getToken(SCOPE));
  await rejection(credential.getToken(SCOPE));
  await rejection(credential.getToken(""));

  const durations = await sdk.durations(ACQUISITION_DURATION);
  expect(durations.map(({ count }) => count)).toEqual([1]);
});

test("a flight that all its callers left is not timed as if it had brought a token", async () => {
  const sdk = new Sdk().register();
  const abort = new AbortController();

  const call = rejection(
    named("left", fakeEntra().hangs()).getToken(SCOPE, { abortSignal: abort.signal }),
  );
  await clock.advance({ ms: 10 });
  abort.abort();
  await call;
  await clock.advance({ ms: 1 });

  expect(await sdk.durations(REFRESH_DURATION)).toEqual([]);
  expect(await sdk.durations(ACQUISITION_DURATION)).toMatchObject([
    { attributes: { "entra.credential.token.source": "none" }, seconds: 0.01 },
  ]);
});

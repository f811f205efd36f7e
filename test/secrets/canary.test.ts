import { describe, expect, test } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { times } from "../support/times.ts";
import { ASSERTIONS, OPAQUE_ASSERTION, TOKEN } from "./canaries.ts";
import { leaksOf } from "./search.ts";
import { stageFor } from "./stage.ts";

const clock = useFakeClock();

describe.each(ASSERTIONS)("an assertion that is $what, and a token", (assertion) => {
  test("show nowhere when all goes well, on a miss as on hits", async () => {
    const { credential, leaks } = stageFor(assertion, fakeEntra().issues(TOKEN.secret));

    await credential.getToken(SCOPE);
    await Promise.all(times(3, () => credential.getToken(SCOPE)));
    await credential.getToken([SCOPE], { enableCae: true, claims: '{"a":1}' });

    expect(leaks()).toEqual([]);
  });

  test("show nowhere when a token is refreshed behind its users, in vain and then with success", async () => {
    const entra = fakeEntra()
      .issues(TOKEN.secret)
      .refuses(400, "invalid_grant")
      .issues(TOKEN.secret);
    const { credential, leaks } = stageFor(assertion, entra);
    await credential.getToken(SCOPE);

    await clock.advance({ minutes: 56 });
    await credential.getToken(SCOPE);
    await clock.advance({ minutes: 2 });
    await credential.getToken(SCOPE);
    await clock.advance({ seconds: 1 });

    expect(entra.requests).toHaveLength(3);
    expect(leaks()).toEqual([]);
  });

  test("show nowhere when the credential is closed, neither to who waits nor to who comes later", async () => {
    const { credential, failure, leaks } = stageFor(
      assertion,
      fakeEntra().issues(TOKEN.secret).hangs(),
    );
    await credential.getToken(SCOPE);
    const pending = failure(credential.getToken(SCOPE, { forceRefresh: true }));
    await clock.advance({ ms: 1 });

    await credential.close();

    expect(await pending).toMatchObject({ code: "ERR_CLOSED" });
    expect(await failure(credential.getToken(SCOPE))).toMatchObject({ code: "ERR_CLOSED" });
    expect(leaks()).toEqual([]);
  });

  test("show nowhere when a caller aborts", async () => {
    const { credential, failure, leaks } = stageFor(assertion, fakeEntra().hangs());
    const controller = new AbortController();
    const pending = failure(credential.getToken(SCOPE, { abortSignal: controller.signal }));
    await clock.advance({ ms: 1 });

    controller.abort();

    expect(await pending).toMatchObject({ name: "AbortError" });
    expect(leaks()).toEqual([]);
  });

  test("show nowhere in what a transport is handed, until it encodes the form", async () => {
    const handed: unknown[] = [];
    const transport = {
      post: async (request: { form: { encode(): string } }) => {
        handed.push(request);
        return { status: 503, headers: {}, body: request.form.encode() };
      },
    };
    const { credential, evidence, failure, leaks } = stageFor(assertion, fakeEntra(), {
      transport,
      resilience: { maxRetries: 0 },
    });

    await failure(credential.getToken(SCOPE));

    expect(handed).toHaveLength(1);
    evidence.show("the request", handed);
    expect(leaks()).toEqual([]);
  });
});

test("the token shows in the answers, where it belongs, and the assertion does not", async () => {
  const { credential, leaks } = stageFor(OPAQUE_ASSERTION, fakeEntra().issues(TOKEN.secret));

  const answers = [
    await credential.getToken(SCOPE),
    await credential.getTokenInfo(SCOPE),
    credential.peek(SCOPE),
  ];

  for (const answer of answers) {
    expect(answer?.token).toBe(TOKEN.secret);
    expect(leaksOf(answer, [OPAQUE_ASSERTION])).toEqual([]);
  }
  expect(leaks()).toEqual([]);
});

test("the cache does publish what it stores, and is watched: otherwise the silence would prove nothing", async () => {
  const { credential, evidence } = stageFor(OPAQUE_ASSERTION, fakeEntra().issues(TOKEN.secret));

  await credential.getToken(SCOPE);

  expect(evidence.published).toContainEqual(expect.objectContaining({ op: "set", key: SCOPE }));
});

test("what is printed and warned is watched too", async () => {
  const { evidence } = stageFor(OPAQUE_ASSERTION, fakeEntra());
  const { log } = globalThis.console;

  log(TOKEN.secret);
  process.stderr.write(`${TOKEN.secret}\n`);
  process.emitWarning(TOKEN.secret);
  await clock.advance({ ms: 1 });

  const places = evidence.leaks().map((leak) => leak.split(":")[0]);
  expect(new Set(places)).toEqual(new Set(["console.log", "the output", "a warning"]));
});

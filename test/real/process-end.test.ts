import { expect, test, vi } from "vitest";
import type { AuthorityResponse } from "../../src/testing/index.ts";
import { runScript } from "./support/child.ts";
import { type Entra, localEntra } from "./support/entra.ts";

// A process takes half a second to start, and several on a busy machine.
vi.setConfig({ testTimeout: 20_000 });

const COLD_CALL = new URL("./scripts/cold-call.ts", import.meta.url);
const BACKGROUND_REFRESH = new URL("./scripts/background-refresh.ts", import.meta.url);
const JOINED_REFRESH = new URL("./scripts/joined-refresh.ts", import.meta.url);
const CLOSE_DURING_CALL = new URL("./scripts/close-during-call.ts", import.meta.url);

const AT_ONCE_MS = 100;
const NEVER: AuthorityResponse = { status: 200, delayMs: 600_000 };
const OUTAGE: AuthorityResponse = { status: 503, body: "<html>" };

test("a script whose last word is a cold getToken waits for the token and ends with code 0", async () => {
  const entra = await localEntra({ latencyMs: 150 });

  const script = await (await runScript(COLD_CALL, entra)).ended();

  expect(script).toMatchObject({ exitCode: 0, complaints: "" });
  expect(script.token).toMatch(/^ey/);
});

test("a script ends at once after its call, though the connection is kept open", async () => {
  const entra = await localEntra();

  const script = await (await runScript(COLD_CALL, entra)).ended();

  expect(script.exitCode).toBe(0);
  expect(script.endedAfterMs).toBeLessThan(AT_ONCE_MS);
});

test.each([
  ["for an authority that hangs", NEVER],
  ["to try again", OUTAGE],
])("a script ends at once while a background refresh waits %s", async (_, answer) => {
  const entra = await localEntra();
  const refreshing = afterTheFirst(entra, answer);
  const child = await runScript(BACKGROUND_REFRESH, entra);
  await refreshing;
  child.goOn();

  const script = await child.ended();

  expect(script).toMatchObject({ exitCode: 0, complaints: "" });
  expect(script.endedAfterMs).toBeLessThan(AT_ONCE_MS);
});

test("a caller that joins a background refresh keeps the process alive until the answer", async () => {
  const entra = await localEntra();
  const answer = Promise.withResolvers<AuthorityResponse>();
  const refreshing = afterTheFirst(entra, answer.promise);
  const child = await runScript(JOINED_REFRESH, entra);
  await refreshing;
  child.goOn();
  await child.said("joined");
  answer.resolve({ status: 200, body: { token_type: "Bearer", expires_in: 3599, ...ANSWER } });

  const script = await child.ended();

  expect(script).toMatchObject({ exitCode: 0, complaints: "", token: ANSWER.access_token });
  expect(entra.authority.requestCount).toBe(2);
});

test("close ends a pending call with ERR_CLOSED, and the script with it", async () => {
  const entra = await localEntra();
  const asked = Promise.withResolvers<void>();
  entra.authority.respondWith(() => {
    asked.resolve();
    return NEVER;
  });
  const child = await runScript(CLOSE_DURING_CALL, entra);
  await asked.promise;
  child.goOn();

  const script = await child.ended();

  expect(script).toMatchObject({ exitCode: 0, complaints: "", code: "ERR_CLOSED" });
  expect(script.endedAfterMs).toBeLessThan(AT_ONCE_MS);
});

const ANSWER = { access_token: "the-token-of-the-refresh" };

/** Answers the first request as usual and all others with this; resolves when the second has come. */
function afterTheFirst(
  { authority }: Entra,
  response: AuthorityResponse | Promise<AuthorityResponse>,
): Promise<void> {
  const second = Promise.withResolvers<void>();
  authority.respondOnce((_, genuine) => genuine());
  authority.respondWith(() => {
    second.resolve();
    return response;
  });
  return second.promise;
}

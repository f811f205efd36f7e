import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type ClientKeys,
  createClientKeys,
  type Fault,
  LocalAuthority,
} from "../../src/testing/index.ts";
import { exchange, until, WAYS } from "./raw-exchange.ts";
import { CLIENT, post, SCOPE, soundForm, TENANT, tokenUrl } from "./token-client.ts";

let keys: ClientKeys;

beforeAll(async () => {
  keys = await createClientKeys({ algorithm: "EC" });
});

describe.each([{ tls: false }, { tls: true }])("with TLS $tls", ({ tls }) => {
  let authority: LocalAuthority;

  beforeEach(async () => {
    authority = await LocalAuthority.start({ tls });
    authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
  });
  afterEach(() => {
    vi.useRealTimers();
    return authority.close();
  });

  describe.each(WAYS)("written $way", ({ begin }) => {
    test("a reset before the request is read shows the authority its path only, and is counted", async () => {
      begin(authority, { kind: "reset", when: "before-request" });

      const outcome = await exchange(authority, keys);

      expect(outcome).toEqual({
        status: undefined,
        headers: {},
        text: "",
        failure: "read ECONNRESET",
      });
      expect(authority.requestCount).toBe(1);
      expect(authority.requests[0]).toEqual({
        tenantId: TENANT,
        scopes: [],
        correlationId: expect.any(String),
        status: 0,
        at: expect.any(Number),
        faults: ["reset"],
      });
    });

    test("a reset after the request was read leaves a record of it", async () => {
      begin(authority, { kind: "reset" });

      const outcome = await exchange(authority, keys);

      expect(outcome).toEqual({
        status: undefined,
        headers: {},
        text: "",
        failure: "read ECONNRESET",
      });
      expect(authority.requests).toMatchObject([{ clientId: CLIENT, scopes: [SCOPE], status: 0 }]);
    });

    test("a reset in the body comes after half of it", async () => {
      begin(authority, { kind: "reset", when: "in-body" });

      const { status, headers, text, failure } = await exchange(authority, keys);

      expect({ status, failure }).toEqual({ status: 200, failure: "read ECONNRESET" });
      expect(text.length).toBe(Math.floor(Number(headers["content-length"]) / 2));
    });

    test("a hang before the headers lasts until the client leaves, which frees everything", async () => {
      begin(authority, { kind: "hang" });
      const leaving = new AbortController();

      const pending = exchange(authority, keys, { signal: leaving.signal });
      await until(() => authority.requestCount === 1);
      expect(authority.openRequests).toBe(1);
      leaving.abort();

      expect(await pending).toMatchObject({
        status: undefined,
        failure: "The operation was aborted",
      });
      await until(() => authority.openRequests === 0);
      expect(authority.requests).toMatchObject([{ clientId: CLIENT, status: 0, faults: ["hang"] }]);
    });

    test("a hang in the body begins after half of it", async () => {
      begin(authority, { kind: "hang", where: "in-body" });
      const leaving = new AbortController();
      const onHead = () => setTimeout(() => leaving.abort(), 30);

      const outcome = await exchange(authority, keys, { signal: leaving.signal, onHead });

      expect(outcome).toMatchObject({ status: 200, failure: "The operation was aborted" });
      expect(outcome.text.length).toBe(Math.floor(Number(outcome.headers["content-length"]) / 2));
      await until(() => authority.openRequests === 0);
    });

    test("a drip sends the genuine answer, whole, at its pace", async () => {
      begin(authority, { kind: "drip", bytesPerS: 5000 });

      const began = performance.now();
      const { text, failure } = await exchange(authority, keys);
      const tookMs = performance.now() - began;

      expect(failure).toBeUndefined();
      expect(JSON.parse(text)).toMatchObject({ token_type: "Bearer" });
      // A timer may fire a millisecond early, at each of the steps.
      expect(tookMs).toBeGreaterThanOrEqual((text.length * 1000) / 5000 - 20);
    });

    test("a drip begins with a few bytes, and a client that leaves it frees everything", async () => {
      begin(authority, { kind: "drip", bytesPerS: 100 });
      const leaving = new AbortController();
      const onData = () => leaving.abort();

      const { status, text } = await exchange(authority, keys, { signal: leaving.signal, onData });

      expect(status).toBe(200);
      expect(text.length).toBeGreaterThan(0);
      expect(text.length).toBeLessThan(100);
      await until(() => authority.openRequests === 0);
    });
  });

  test.for<Fault>([
    { kind: "drip", bytesPerS: 1 },
    { kind: "latency", latencyMs: 60_000 },
  ])("no timer outlives a client that leaves under $kind", async (fault) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    authority.injectFault(fault);
    const leaving = new AbortController();
    const pending = exchange(authority, keys, { signal: leaving.signal });
    await until(() => vi.getTimerCount() === 1);

    leaving.abort();
    await pending;

    await until(() => vi.getTimerCount() === 0);
    expect(authority.openRequests).toBe(0);
  });

  test.for<Fault>([
    { kind: "hang" },
    { kind: "hang", where: "in-body" },
    { kind: "drip", bytesPerS: 1 },
    { kind: "latency", latencyMs: 60_000 },
  ])("closing ends what is pending under $kind at once", async (fault) => {
    authority.injectFault(fault);
    const pending = exchange(authority, keys);
    await until(() => authority.requestCount === 1);

    await authority.close();

    expect((await pending).failure).toMatch(/^(?:socket hang up|aborted)$/);
    await until(() => authority.openRequests === 0);
  });
});

test("requests on one connection are reset one by one, the first of them not at all", async () => {
  await using authority = await LocalAuthority.start();
  const form = soundForm("irrelevant");
  await post(tokenUrl(authority), form);

  authority.injectFault({ kind: "reset", when: "before-request" });

  await expect(post(tokenUrl(authority), form)).rejects.toMatchObject({
    cause: { code: "ECONNRESET" },
  });
  expect(authority.requests.map(({ status }) => status)).toEqual([400, 0]);
});

test("a request counts as under way for as long as its answer takes", async () => {
  await using authority = await LocalAuthority.start({ latencyMs: 30 });

  const pending = post(tokenUrl(authority), {});
  await until(() => authority.openRequests === 1);
  await pending;

  await until(() => authority.openRequests === 0);
  expect(authority.requestCount).toBe(1);
});

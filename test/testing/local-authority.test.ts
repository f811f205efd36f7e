import { connect } from "node:net";
import { beforeAll, expect, test } from "vitest";
import { type ClientKeys, createClientKeys, LocalAuthority } from "../../src/testing/index.ts";
import { CLIENT, requestToken, SCOPE, TENANT } from "./token-client.ts";

let keys: ClientKeys;

beforeAll(async () => {
  keys = await createClientKeys({ algorithm: "EC" });
});

async function start(options = {}): Promise<LocalAuthority> {
  const authority = await LocalAuthority.start(options);
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
  return authority;
}

test("each token request leaves a record without assertion or token", async () => {
  await using authority = await start();

  await requestToken(authority, keys, { claims: "{}" });
  await requestToken(authority, keys, { scope: "User.Read" });

  const common = {
    tenantId: TENANT,
    clientId: CLIENT,
    correlationId: expect.any(String),
    at: expect.any(Number),
  };
  expect(authority.requests).toEqual([
    { ...common, scopes: [SCOPE], claims: "{}", status: 200 },
    { ...common, scopes: ["User.Read"], status: 400, entraCode: 1002012 },
  ]);
});

test("the records are a frozen copy", async () => {
  await using authority = await start();
  const before = authority.requests;

  await requestToken(authority, keys);

  expect(before).toHaveLength(0);
  expect(authority.requests.every(Object.isFrozen)).toBe(true);
  expect(Object.isFrozen(authority.requests)).toBe(true);
});

test("counts start again after a reset, and documents are not counted", async () => {
  await using authority = await start();
  await requestToken(authority, keys);

  authority.resetCounts();
  await fetch(`${authority.url}/${TENANT}/discovery/v2.0/keys`);
  await requestToken(authority, keys);

  expect(authority.requestCount).toBe(1);
  expect(authority.requests).toHaveLength(1);
});

test("latency holds responses back and can be changed while running", async () => {
  await using authority = await start();
  authority.adjust({ latencyMs: 60 });

  const began = performance.now();
  await requestToken(authority, keys);

  expect(performance.now() - began).toBeGreaterThanOrEqual(55);
});

test("closing ends what is pending at once, and frees the port", async () => {
  const authority = await start({ latencyMs: 60_000 });
  const pending = requestToken(authority, keys);
  const settled = expect(pending).rejects.toThrow(TypeError);
  while (authority.requestCount === 0) await new Promise(setImmediate);

  await authority.close();

  await settled;
  const { port } = new URL(authority.url);
  const successor = await LocalAuthority.start({ port: Number(port) });
  await successor.close();
});

test("closing destroys connections that have not said anything yet", async () => {
  const authority = await LocalAuthority.start({ tls: true });
  const socket = connect(Number(new URL(authority.url).port), "127.0.0.1");
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await new Promise((resolve) => socket.once("connect", resolve));

  await authority.close();

  await closed;
});

test("closing twice is the same as once", async () => {
  const authority = await LocalAuthority.start();

  await Promise.all([authority.close(), authority.close()]);

  await expect(fetch(authority.url)).rejects.toThrow();
});

test("a port that is taken rejects the start", async () => {
  await using authority = await LocalAuthority.start();
  const port = Number(new URL(authority.url).port);

  await expect(LocalAuthority.start({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test.for([
  { options: { port: "80" }, message: "port must be a number, not string" },
  { options: { port: 65_536 }, message: "port must be a whole number from 0 to 65535" },
  { options: { latencyMs: -1 }, message: "latencyMs must be a whole number" },
  {
    options: { accessTokenLifetimeS: 1.5 },
    message: "accessTokenLifetimeS must be a whole number",
  },
  { options: { refreshInS: "soon" }, message: "refreshInS must be a number" },
  {
    options: { rejectReplayedAssertions: 1 },
    message: "rejectReplayedAssertions must be true or false",
  },
  { options: { issuer: "" }, message: "issuer must be a non-empty string" },
  { options: { tls: "yes" }, message: "tls must be true, false or { certificate, privateKey }" },
  { options: { tls: { certificate: "x" } }, message: "tls.privateKey must be a non-empty string" },
  {
    options: { tls: { certificate: "x", privateKey: "y" } },
    message: "tls.certificate and tls.privateKey",
  },
  { options: { tenants: "contoso" }, message: "tenants must be an array" },
  { options: { tenants: ["a/b"] }, message: "tenants holds 'a/b'" },
  { options: { latency: 5 }, message: "options has no member 'latency'" },
  { options: null, message: "options must be an object, not null" },
])("starting with $options is refused", async ({ options, message }) => {
  const started = Reflect.apply(LocalAuthority.start, LocalAuthority, [options]);

  await expect(started).rejects.toThrow(message);
});

test("a change that is refused changes nothing", async () => {
  await using authority = await start({ accessTokenLifetimeS: 60 });

  expect(() => authority.adjust({ accessTokenLifetimeS: 0 })).toThrow(RangeError);
  expect(() => Reflect.apply(authority.adjust, authority, [{ port: 1 }])).toThrow(TypeError);

  const { body } = await requestToken(authority, keys);
  expect(body.expires_in).toBe(60);
});

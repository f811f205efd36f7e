import { decodeJwt } from "jose";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type ClientKeys,
  createClientKeys,
  type LifetimeFault,
  LocalAuthority,
  signAssertion,
} from "../../src/testing/index.ts";
import { IssuedExpiries } from "../../src/testing/issued-expiries.ts";
import { exchange, WAYS } from "./raw-exchange.ts";
import { CLIENT, requestToken, TENANT, tokenUrl } from "./token-client.ts";

let authority: LocalAuthority;
let keys: ClientKeys;
let otherKeys: ClientKeys;

beforeAll(async () => {
  keys = await createClientKeys({ algorithm: "EC" });
  otherKeys = await createClientKeys({ algorithm: "EC" });
});
beforeEach(async () => {
  authority = await LocalAuthority.start();
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
  authority.registerClient({ clientId: CLIENT, certificate: otherKeys.certificate });
});
afterEach(() => {
  vi.useRealTimers();
  return authority.close();
});

async function unnamed(): Promise<string> {
  const header = { "x5t#S256": undefined };
  return signAssertion(keys, { clientId: CLIENT, audience: tokenUrl(authority), header });
}

async function token() {
  const { body } = await requestToken(authority, keys);
  const { iat = 0, exp = 0 } = decodeJwt(String(body.access_token));
  return { ...body, lifetimeS: exp - iat, exp };
}

describe.each(WAYS)("written $way", ({ begin }) => {
  test.for<{ expiresIn: LifetimeFault["expiresIn"]; lifetimeS: number }>([
    { expiresIn: 0, lifetimeS: 0 },
    { expiresIn: -5, lifetimeS: -5 },
    { expiresIn: 90, lifetimeS: 90 },
    { expiresIn: "60", lifetimeS: 60 },
    { expiresIn: "soon", lifetimeS: 3599 },
    { expiresIn: "", lifetimeS: 3599 },
    { expiresIn: 1.5, lifetimeS: 3599 },
  ])(
    "$expiresIn is told as expires_in, in a token of $lifetimeS s",
    async ({ expiresIn, lifetimeS }) => {
      begin(authority, { kind: "lifetime", expiresIn });

      const issued = await token();

      expect(issued.expires_in).toBe(expiresIn);
      expect(issued).toHaveProperty("ext_expires_in", lifetimeS);
      // The token is signed anew, perhaps a second after it was issued.
      expect(issued.lifetimeS - lifetimeS).toBeOneOf([0, 1]);
    },
  );

  test("null leaves expires_in out", async () => {
    begin(authority, { kind: "lifetime", expiresIn: null });

    const { body } = await requestToken(authority, keys);

    expect(body).toHaveProperty("access_token");
    expect(body).not.toHaveProperty("expires_in");
  });

  test("a hint to refresh that is beyond the odd lifetime is left out", async () => {
    authority.adjust({ refreshInS: 100 });
    const end = begin(authority, { kind: "lifetime", expiresIn: 100 });
    const without = await token();
    end();

    begin(authority, { kind: "lifetime", expiresIn: 101 });
    const withHint = await token();

    expect(without.refresh_in).toBeUndefined();
    expect(withHint.refresh_in).toBe(100);
  });

  test("the same expiry is repeated, whatever the authority would issue", async () => {
    authority.adjust({ accessTokenLifetimeS: 600 });
    const first = await token();
    authority.adjust({ accessTokenLifetimeS: 3599 });

    begin(authority, { kind: "lifetime", expiresIn: "same-expiry" });
    const second = await token();

    expect(second.exp - first.exp).toBeOneOf([-1, 0, 1]);
    expect(Number(second.expires_in)).toBeLessThanOrEqual(600);
    expect(Number(second.expires_in)).toBeGreaterThan(590);
    expect(second.access_token).not.toBe(first.access_token);
  });

  test("a Date can be ahead of the clock and behind it", async () => {
    const end = begin(authority, { kind: "skewed-date", skewS: 3600 });
    const ahead = await exchange(authority, keys);
    end();
    begin(authority, { kind: "skewed-date", skewS: -86_400 });
    const behind = await exchange(authority, keys);

    const skewS = (date: unknown) => (Date.parse(String(date)) - Date.now()) / 1000;
    expect(skewS(ahead.headers.date)).toBeCloseTo(3600, -1);
    expect(skewS(behind.headers.date)).toBeCloseTo(-86_400, -1);
    expect(ahead.text).toContain('"expires_in":3599');
  });

  test("a rotated key is refused until the client signs with another", async () => {
    begin(authority, { kind: "key-rotation" });

    const answers = [
      await requestToken(authority, keys),
      await requestToken(authority, keys),
      await requestToken(authority, otherKeys),
      await requestToken(authority, keys),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 200, 401]);
    expect(answers[0]?.body).toMatchObject({ error: "invalid_client", error_codes: [700027] });
  });

  test("a rotation that ends knows the key again, and another one learns anew", async () => {
    const end = begin(authority, { kind: "key-rotation" });
    await requestToken(authority, keys);

    end();
    const between = await requestToken(authority, keys);
    begin(authority, { kind: "key-rotation" });
    const again = [await requestToken(authority, otherKeys), await requestToken(authority, keys)];

    expect(between.status).toBe(200);
    expect(again.map(({ status }) => status)).toEqual([401, 200]);
  });
});

test("the expiry of another scope or tenant is not repeated", async () => {
  authority.adjust({ accessTokenLifetimeS: 600 });
  await token();
  authority.adjust({ accessTokenLifetimeS: 3599 });
  authority.injectFault({ kind: "lifetime", expiresIn: "same-expiry" });

  const scope = await exchange(authority, keys, { scope: "https://other.example/.default" });
  const tenant = await exchange(authority, keys, { tenant: "other.example" });

  expect(JSON.parse(scope.text)).toMatchObject({ expires_in: 3599 });
  expect(JSON.parse(tenant.text)).toMatchObject({ expires_in: 3599 });
});

test("the expiry of a token that has expired, or that was not sent whole, is not repeated", async () => {
  authority.respondOnce({ status: 200, body: { access_token: "past", expires_in: 0 } });
  await requestToken(authority, keys);
  const end = authority.injectFault({ kind: "reset", when: "in-body" });
  authority.respondOnce({ status: 200, body: { access_token: "lost", expires_in: 600 } });
  await exchange(authority, keys);
  end();

  authority.injectFault({ kind: "lifetime", expiresIn: "same-expiry" });

  expect((await token()).expires_in).toBe(3599);
});

test("an expiry counts as repeated while it is the same but for part of a second", () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_000_000_000_500 });
  const expiries = new IssuedExpiries();
  const request = { tenantId: TENANT, scopes: ["s"], traceId: "t", correlationId: "c" };
  const issue = (lifetimeS: number) =>
    expiries.note(request, { status: 200, body: { expires_in: lifetimeS } });
  issue(600);

  vi.setSystemTime(1_000_000_010_900);
  issue(589);
  const repeated = expiries.lastFor(request);
  issue(588);
  const earlier = expiries.lastFor(request);
  issue(600);

  expect(repeated).toBe(1_000_000_600_500);
  expect(earlier).toBe(1_000_000_598_900);
  expect(expiries.lastFor(request)).toBe(1_000_000_610_900);
});

test("keys without a name are told from others only by that", async () => {
  authority.removeClient(CLIENT);
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
  authority.injectFault({ kind: "key-rotation" });
  const assertion = await unnamed();

  const first = await requestToken(authority, keys, { client_assertion: assertion });
  const second = await requestToken(authority, keys, { client_assertion: await unnamed() });
  const named = await requestToken(authority, keys);
  const unreadable = await requestToken(authority, keys, { client_assertion: "no JWT" });

  expect(first.body).toMatchObject({ error_codes: [700027] });
  expect(second.body).toMatchObject({ error_codes: [700027] });
  expect(named.status).toBe(200);
  expect(unreadable.body).toMatchObject({ error_codes: [50027] });
});

import { expect, test, vi } from "vitest";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { rejection } from "../support/rejection.ts";
import { times } from "../support/times.ts";

const clock = useFakeClock();

const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1772366400"}}}';

test("5.6 a burst of challenged callers makes one request", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);

  const burst = await Promise.all(times(20, () => credential.getToken(SCOPE, { claims: CLAIMS })));
  await clock.advance({ ms: 4_999 });
  const late = await credential.getToken(SCOPE, { claims: CLAIMS });

  expect(new Set([...burst, late].map(({ token }) => token))).toEqual(new Set(["token-2"]));
  expect(entra.requests).toHaveLength(2);
});

test("5.6 the same claims after 5 s mean that the token was refused: they fly again", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE, { claims: CLAIMS });

  await clock.advance({ seconds: 5 });

  expect((await credential.getToken(SCOPE, { claims: CLAIMS })).token).toBe("token-2");
});

test("5.6 equal claims written differently are one challenge", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);

  await credential.getToken(SCOPE, { claims: '{"a":1,"b":{"c":2,"d":3}}' });
  await credential.getToken(SCOPE, { claims: '{ "b": {"d":3, "c":2}, "a": 1 }' });

  expect(entra.requests).toHaveLength(1);
});

test("5.6 the token a challenge wins is what calls without claims get", async () => {
  const entra = fakeEntra().issues("refused").issues("won");
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await credential.getToken(SCOPE, { claims: CLAIMS });

  expect((await credential.getToken(SCOPE)).token).toBe("won");
  expect(entra.requests).toHaveLength(2);
});

test("2.6 a token that a challenge won is as quick a hit as any: one promise for all callers", async () => {
  const credential = credentialAgainst(fakeEntra().issues("first").issues("won"));
  await credential.getToken(SCOPE);

  await credential.getToken(SCOPE, { claims: CLAIMS });

  expect((await credential.getToken(SCOPE)).token).toBe("won");
  expect(credential.getToken(SCOPE)).toBe(credential.getToken(SCOPE));
});

test("5.6 a challenge under CAE renews the slot under CAE alone", async () => {
  const entra = fakeEntra().issues("plain").issues("cae").issues("won");
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await credential.getToken(SCOPE, { enableCae: true });

  await credential.getToken(SCOPE, { enableCae: true, claims: CLAIMS });

  expect((await credential.getToken(SCOPE)).token).toBe("plain");
  expect((await credential.getToken(SCOPE, { enableCae: true })).token).toBe("won");
});

test("5.6 a flight begun before the challenge keeps nothing", async () => {
  const entra = fakeEntra().issues("first");
  const landOld = entra.holds("begun-before");
  entra.issues("won");
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);
  await clock.advance({ minutes: 56 });
  await credential.getToken(SCOPE);
  await vi.waitFor(() => expect(entra.requests).toHaveLength(2));

  await credential.getToken(SCOPE, { claims: CLAIMS });
  landOld();
  await clock.advance({ seconds: 1 });

  expect((await credential.getToken(SCOPE)).token).toBe("won");
});

test("5.6 whoever waits for a flight begun before the challenge still gets its token", async () => {
  const entra = fakeEntra();
  const landOld = entra.holds("begun-before");
  entra.issues("won");
  const credential = credentialAgainst(entra);
  const waiting = credential.getToken(SCOPE);
  await vi.waitFor(() => expect(entra.requests).toHaveLength(1));

  await credential.getToken(SCOPE, { claims: CLAIMS });
  landOld();

  expect((await waiting).token).toBe("begun-before");
  expect((await credential.getToken(SCOPE)).token).toBe("won");
});

test("5.6 a challenge that fails leaves the token where it is", async () => {
  const entra = fakeEntra().issues("first").refuses(400, "interaction_required", 50079);
  const credential = credentialAgainst(entra);
  await credential.getToken(SCOPE);

  const error = await rejection(credential.getToken(SCOPE, { claims: CLAIMS }));

  expect(error).toMatchObject({ entraCode: 50079 });
  expect((await credential.getToken(SCOPE)).token).toBe("first");
});

test("5.6 a storm of failing challenges is held like any other key", async () => {
  const entra = fakeEntra().refuses(400, "interaction_required", 50079);
  const credential = credentialAgainst(entra);

  for (let call = 0; call < 20; call += 1) {
    await rejection(credential.getToken(SCOPE, { claims: CLAIMS }));
  }

  expect(entra.requests).toHaveLength(1);
});

test("3.3 under CAE the client says that it understands challenges, beside the claims given", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);

  await credential.getToken(SCOPE, { enableCae: true });
  await credential.getToken(SCOPE, {
    enableCae: true,
    claims: '{"access_token":{"nbf":{"value":"1"},"xms_cc":{"values":["old"]}},"id_token":{}}',
  });

  const sent = entra.requests.map(({ form }) => JSON.parse(form.get("claims") ?? ""));
  expect(sent).toEqual([
    { access_token: { xms_cc: { values: ["cp1"] } } },
    { access_token: { nbf: { value: "1" }, xms_cc: { values: ["cp1"] } }, id_token: {} },
  ]);
});

test("3.3 without CAE claims are sent as given", async () => {
  const entra = fakeEntra();
  const credential = credentialAgainst(entra);

  await credential.getToken(SCOPE, { claims: ` ${CLAIMS}` });

  expect(entra.requests[0]?.form.get("claims")).toBe(` ${CLAIMS}`);
});

test("5.6 of two challenges the one begun later keeps its token", async () => {
  const entra = fakeEntra();
  const landFirst = entra.holds("first-challenge");
  entra.issues("second-challenge");
  const credential = credentialAgainst(entra);
  const first = credential.getToken(SCOPE, { claims: '{"a":1}' });
  await vi.waitFor(() => expect(entra.requests).toHaveLength(1));

  await credential.getToken(SCOPE, { claims: '{"b":2}' });
  landFirst();

  expect((await first).token).toBe("first-challenge");
  expect((await credential.getToken(SCOPE)).token).toBe("second-challenge");
});

test("5.6 a forced challenge is not undone by one begun before it", async () => {
  const entra = fakeEntra();
  const landFirst = entra.holds("ordinary");
  entra.issues("forced");
  const credential = credentialAgainst(entra);
  const first = credential.getToken(SCOPE, { claims: CLAIMS });
  await vi.waitFor(() => expect(entra.requests).toHaveLength(1));

  await credential.getToken(SCOPE, { claims: CLAIMS, forceRefresh: true });
  landFirst();
  await first;

  expect((await credential.getToken(SCOPE, { claims: CLAIMS })).token).toBe("forced");
  expect((await credential.getToken(SCOPE)).token).toBe("forced");
});

test("5.6 two challenges of one slot at once make one request each", async () => {
  const entra = fakeEntra().takes(100);
  const credential = credentialAgainst(entra);

  const calls = Promise.all(
    times(100, (index) => credential.getToken(SCOPE, { claims: `{"a":${index % 2}}` })),
  );
  await clock.advance({ ms: 100 });
  await calls;

  expect(entra.requests).toHaveLength(2);
});

test("5.6 a plain flight begun during a challenge does not undo it", async () => {
  const entra = fakeEntra();
  const land = entra.holds("won");
  entra.issues("plain");
  const credential = credentialAgainst(entra);
  const challenged = credential.getToken(SCOPE, { claims: '{"access_token":{}}' });
  await vi.waitFor(() => expect(entra.requests).toHaveLength(1));
  await credential.getToken(SCOPE);

  land();
  await challenged;

  expect((await credential.getToken(SCOPE)).token).toBe("won");
});

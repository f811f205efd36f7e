import { expect, onTestFinished, test } from "vitest";
import { certificate } from "../../src/assertions/index.ts";
import { ClientAssertionCredential, type GetAssertion } from "../../src/index.ts";
import { createClientKeys, type Fault, LocalAuthority } from "../../src/testing/index.ts";
import { CLIENT, SCOPE, TENANT } from "../support/credentials.ts";
import { useCleanGlobals } from "../support/otel-sdk.ts";
import type { Canary } from "./canaries.ts";
import { openExits } from "./exits.ts";
import { leaksInBytes } from "./leaks-in-bytes.ts";

// Nothing here is made up: the certificate source, the built-in transport, an authority that checks.

useCleanGlobals();

const FAULTS: readonly Fault[] = [
  { kind: "refusal" },
  { kind: "refusal", entraCode: 700024 },
  { kind: "outage", body: "html" },
  { kind: "reset", when: "before-request" },
  { kind: "reset", when: "in-body" },
  { kind: "hang" },
  { kind: "hang", where: "in-body" },
  { kind: "body", body: "truncated" },
  { kind: "body", body: "html" },
  { kind: "redirect" },
  { kind: "lifetime", expiresIn: null },
  // The last, since the tenant is left alone after it.
  { kind: "throttle", retryAfterS: 0.01, form: "retry-after-ms" },
];

const QUICK = { backoffMs: 1, maxBackoffMs: 2, attemptTimeoutMs: 200, maxRetries: 1 };

const KEYS = await createClientKeys();

// Its lines in text, and the bytes they stand for.
const KEY: readonly Canary[] = linesOf(KEYS.privateKey).flatMap((line, index) => [
  { what: `line ${index} of the key`, secret: line },
  { what: `the bytes of line ${index}`, secret: Buffer.from(line, "base64").toString("latin1") },
]);

function linesOf(pem: string): readonly string[] {
  return pem.split("\n").filter((line) => line.length === 64 && !line.startsWith("-"));
}

test("neither the private key nor what it signed nor what that won leaves by any exit, whatever the authority does", async () => {
  const exits = await openExits();
  const authority = await LocalAuthority.start();
  onTestFinished(() => authority.close());
  authority.registerClient({ clientId: CLIENT, certificate: KEYS.certificate });
  const secrets: Canary[] = [...KEY];
  const keep = (what: string, secret: string) => {
    secrets.push({ what, secret });
    return secret;
  };
  const source = certificate({ privateKey: KEYS.privateKey, certificate: KEYS.certificate });
  const getAssertion: GetAssertion = async (request) => keep("an assertion", await source(request));
  const credential = new ClientAssertionCredential(TENANT, CLIENT, getAssertion, {
    authorityHost: authority.url,
    unsafeAllowInsecureLoopback: true,
    // Whatever happened before, each fault is met.
    resilience: { ...QUICK, circuitBreaker: false, retryBudget: false },
  });
  onTestFinished(() => credential.close());

  keep("a token", (await credential.getToken(SCOPE)).token);
  for (const fault of FAULTS) {
    const end = authority.injectFault(fault);
    await Promise.allSettled([credential.getToken(SCOPE, { forceRefresh: true })]);
    end();
  }
  const opened = await exits.opened();

  const leaks = [...opened].flatMap(([exit, bytes]) =>
    leaksInBytes(bytes, secrets).map((what) => `${what} by ${exit}`),
  );
  expect(leaks).toEqual([]);
  expect(KEY.length).toBeGreaterThan(20);
  expect(secrets.length).toBeGreaterThan(KEY.length + FAULTS.length);
  expect(authority.requestCount).toBeGreaterThan(FAULTS.length);
});

test("an application that is asked for attributes is handed no secret, and cannot make a token one", async () => {
  const exits = await openExits();
  const authority = await LocalAuthority.start();
  onTestFinished(() => authority.close());
  authority.registerClient({ clientId: CLIENT, certificate: KEYS.certificate });
  const source = certificate({ privateKey: KEYS.privateKey, certificate: KEYS.certificate });
  const secrets: Canary[] = [...KEY];
  const getAssertion: GetAssertion = async (request) => {
    const secret = await source(request);
    secrets.push({ what: "an assertion", secret });
    return secret;
  };
  const handed: unknown[] = [];
  const credential = new ClientAssertionCredential(TENANT, CLIENT, getAssertion, {
    authorityHost: authority.url,
    unsafeAllowInsecureLoopback: true,
    telemetry: {
      spanAttributes: (about) => {
        handed.push(about);
        const token = credential.peek(SCOPE)?.token ?? "none";
        return {
          "app.token": token,
          [token]: `Bearer ${token}`,
          "app.about": JSON.stringify(about),
        };
      },
    },
  });
  onTestFinished(() => credential.close());

  const { token } = await credential.getToken(SCOPE);
  secrets.push({ what: "a token", secret: token });
  await credential.getToken(SCOPE);
  const traces = (await exits.opened()).get("OTLP /v1/traces") ?? "";

  expect(handed.length).toBeGreaterThan(2);
  expect(leaksInBytes(JSON.stringify(handed), secrets)).toEqual([]);
  expect(leaksInBytes(traces, secrets)).toEqual([]);
  expect(traces).toContain("app.token");
});

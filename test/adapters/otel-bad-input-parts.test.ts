import { AzureLogger, setLogLevel } from "@azure/logger";
import { describe, expect, onTestFinished, test } from "vitest";
import type {
  ClientAssertionCredential,
  ClientAssertionCredentialOptions,
  createResilience,
  GetAssertion,
} from "../../src/index.ts";
import { heardThroughDiag } from "../sdk/support/heard-through-diag.ts";
import { CLIENT, SCOPE, TENANT } from "../support/credentials.ts";
import { type FakeEntra, fakeEntra } from "../support/fake-entra.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";
import { rejection } from "../support/rejection.ts";
import { useFreshCopy } from "./otel-bad-input/fresh-copy.ts";

type Resilience = ReturnType<typeof createResilience>;

const WARNING = expect.stringMatching(/^affiant: telemetry failed.*: it is broken$/);

const copy = useFreshCopy();
useCleanGlobals();

function broken(): never {
  throw new Error("it is broken");
}

function credential(
  entra: FakeEntra,
  {
    getAssertion = async () => "an-assertion",
    ...options
  }: ClientAssertionCredentialOptions & { readonly getAssertion?: GetAssertion },
): ClientAssertionCredential {
  const { ClientAssertionCredential } = copy.package;
  const made = new ClientAssertionCredential(TENANT, CLIENT, getAssertion, {
    transport: entra,
    ...options,
  });
  onTestFinished(() => made.close().catch(() => {}));
  return made;
}

/** The points of a metric under a name, by another attribute. */
async function points(
  sdk: Sdk,
  metric: string,
  [named, by]: readonly [named: readonly [attribute: string, value: string], by: string],
): Promise<Record<string, unknown>> {
  const { dataPoints = [] } = (await sdk.metric(metric)) ?? {};
  const [attribute, value] = named;
  return Object.fromEntries(
    dataPoints
      .filter(({ attributes }) => attributes[attribute] === value)
      .map((point) => [String(point.attributes[by]), point.value]),
  );
}

describe("a certificateExpiresOn that throws", () => {
  const CERTIFICATE_END = 1_900_000_000;

  function brokenSource(): GetAssertion {
    const source = async () => "an-assertion";
    return Object.defineProperty(source, "certificateExpiresOn", { get: broken });
  }

  test("harms no call, and is one warning", async () => {
    const heard = heardThroughDiag();
    const sdk = new Sdk().register();
    const entra = fakeEntra().issues("first").issues("second").refuses(400, "invalid_grant");
    const own = credential(entra, { getAssertion: brokenSource() });

    const first = await own.getToken(SCOPE);
    const second = await own.getToken(SCOPE, { forceRefresh: true });
    const error = await rejection(own.getToken(SCOPE, { forceRefresh: true }));
    await sdk.collect();

    expect([first.token, second.token]).toEqual(["first", "second"]);
    expect(error).toMatchObject({ code: "ERR_TOKEN_ENDPOINT" });
    expect(heard).toEqual([WARNING]);
  });

  test("takes nothing else from the metrics of its credential", async () => {
    const sdk = new Sdk().register();
    const own = credential(fakeEntra(), {
      getAssertion: brokenSource(),
      telemetry: { name: "own" },
    });

    await own.getToken(SCOPE);

    const durations = await sdk.durations("entra.credential.assertion.duration");
    expect(durations.map(({ count }) => count)).toEqual([1]);
  });

  test("does not make the certificates of others look expired", async () => {
    const sdk = new Sdk().register();
    const good = Object.assign(async () => "an-assertion", {
      kind: "certificate" as const,
      certificateExpiresOn: CERTIFICATE_END * 1_000,
    });
    await credential(fakeEntra(), { getAssertion: good, telemetry: { name: "good" } }).getToken(
      SCOPE,
    );
    await sdk.collect();

    await credential(fakeEntra(), { getAssertion: brokenSource() }).getToken(SCOPE);

    const metric = "entra.credential.assertion.expiry.timestamp";
    const named = ["entra.credential.name", "good"] as const;
    expect(await points(sdk, metric, [named, "entra.credential.assertion.kind"])).toEqual({
      certificate: CERTIFICATE_END,
    });
  });
});

describe("a resilience of the caller's own", () => {
  function port(changes: Partial<Resilience> = {}): Resilience {
    const inner = copy.package.createResilience({ maxRetries: 0 });
    return {
      run: (operation, options) => inner.run(operation, options),
      circuit: (origin) => inner.circuit(origin),
      retriesLeft: (origin) => inner.retriesLeft?.(origin),
      onCircuitChange: (listener) => inner.onCircuitChange(listener),
      ...changes,
    };
  }

  test.each(["onCircuitChange", "circuit", "retriesLeft"])(
    "that throws at %s harms no call, and is one warning",
    async (method) => {
      const heard = heardThroughDiag();
      const sdk = new Sdk().register();
      const resilience = port({ [method]: broken });
      const entra = fakeEntra().issues("first").refuses(503, "server_error");
      const own = credential(entra, { resilience });

      const { token } = await own.getToken(SCOPE);
      const error = await rejection(own.getToken(SCOPE, { forceRefresh: true }));
      await sdk.collect();
      await sdk.collect();
      await own.close();

      expect(token).toBe("first");
      expect(error).toMatchObject({ code: "ERR_TOKEN_ENDPOINT", statusCode: 503 });
      expect(heard).toEqual([WARNING]);
    },
  );

  test("that throws at circuit does not hide the circuits of others", async () => {
    const sdk = new Sdk().register();
    const options = { telemetry: { name: "in-order" } };
    await credential(fakeEntra(), options).getToken(SCOPE);
    await sdk.collect();

    const resilience = port({ circuit: broken });
    await credential(fakeEntra(), { resilience }).getToken(SCOPE);

    const metric = "entra.credential.circuit_breaker.status";
    const named = ["entra.credential.resilience.name", "in-order"] as const;
    const states = await points(sdk, metric, [named, "entra.credential.circuit_breaker.state"]);
    expect(states).toMatchObject({ closed: 1 });
  });

  test.each<[string, () => () => void]>([
    ["throws when nobody listens any more", () => broken],
    // As a caller without types would write it.
    ["gives nothing to stop listening with", () => JSON.parse("null")],
  ])("that %s does not keep a credential from closing", async (_, onCircuitChange) => {
    const entra = fakeEntra();
    const own = credential(entra, { resilience: port({ onCircuitChange }) });
    await own.getToken(SCOPE);

    await own.close();

    expect(entra.closed).toBe(1);
    expect(await rejection(own.getToken(SCOPE))).toMatchObject({ code: "ERR_CLOSED" });
  });
});

test("a log function of @azure/logger that throws harms no call", async () => {
  const heard = heardThroughDiag();
  const { log } = AzureLogger;
  let lines = 0;
  AzureLogger.log = () => {
    lines += 1;
    broken();
  };
  setLogLevel("verbose");
  onTestFinished(() => {
    AzureLogger.log = log;
    setLogLevel(undefined);
  });
  const entra = fakeEntra().issues("first").refuses(400, "invalid_grant");
  const own = credential(entra, {});

  const { token } = await own.getToken(SCOPE);
  const error = await rejection(own.getToken(SCOPE, { forceRefresh: true }));
  await import("@azure/logger");

  expect(token).toBe("first");
  expect(error).toMatchObject({ code: "ERR_TOKEN_ENDPOINT" });
  expect(lines).toBe(2);
  expect(heard).toEqual([]);
});

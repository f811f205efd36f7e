import { DataPointType } from "@opentelemetry/sdk-metrics";
import { expect, test } from "vitest";
import { EVENTS } from "../../src/telemetry/events.ts";
import { METRICS } from "../../src/telemetry/metrics.ts";
import { useFakeClock } from "../support/clock.ts";
import { credentialAgainst, OTHER_SCOPE, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";
import { rejection } from "../support/rejection.ts";

const DAY_MS = 86_400_000;

useCleanGlobals();
const clock = useFakeClock();

const TAKEN = {
  ObservableCounter: { dataPointType: DataPointType.SUM, isMonotonic: true },
  Counter: { dataPointType: DataPointType.SUM, isMonotonic: true },
  ObservableUpDownCounter: { dataPointType: DataPointType.SUM, isMonotonic: false },
  ObservableGauge: { dataPointType: DataPointType.GAUGE },
  Histogram: { dataPointType: DataPointType.HISTOGRAM },
} as const;

/** A short life in which everything happens that telemetry has a word for. */
async function live(): Promise<void> {
  const date = { date: new Date(Date.now() + 120_000).toUTCString() };
  const entra = fakeEntra()
    .refuses(429, "temporarily_unavailable", undefined, { "retry-after": "1", ...date })
    .issues("first")
    .fails("ECONNRESET");
  const getAssertion = Object.assign(async () => "an-assertion", {
    kind: "certificate" as const,
    certificateExpiresOn: Date.now() + DAY_MS,
  });
  const credential = credentialAgainst(entra, {
    getAssertion,
    telemetry: { name: "registry", httpClientMetric: true },
    resilience: { circuitBreaker: { failures: 1 } },
    cache: { maxEntries: 1 },
  });

  const first = credential.getToken(SCOPE);
  await clock.advance({ seconds: 5 });
  await first;
  await clock.advance({ minutes: 56 });
  await credential.getToken(SCOPE);
  await clock.advance({ seconds: 5 });
  await credential.getToken(SCOPE);
  await clock.advance({ seconds: 60 });
  entra.startsOver().issues("other");
  await credential.getToken(OTHER_SCOPE);
  await rejection(credential.getToken(""));
}

test.each(Object.entries(METRICS))("%s is made as the registry says", async (name, definition) => {
  const sdk = new Sdk().register();

  await live();

  const metric = await sdk.metric(name);
  const { unit, description, instrument } = definition;
  expect(metric?.descriptor).toMatchObject({ name, unit, description });
  expect(metric).toMatchObject(TAKEN[instrument]);
  if (definition.instrument !== "Histogram") return;
  expect(metric?.dataPoints[0]?.value).toMatchObject({
    buckets: { boundaries: definition.buckets },
  });
});

test.each(Object.entries(METRICS))(
  "%s carries no attribute that the registry does not give it",
  async (name, definition) => {
    const sdk = new Sdk().register();

    await live();

    const points = (await sdk.metric(name))?.dataPoints ?? [];
    const carried = new Set(points.flatMap(({ attributes }) => Object.keys(attributes)));
    expect(carried.size).toBeGreaterThan(0);
    expect([...carried].filter((key) => !names(definition).includes(key))).toEqual([]);
  },
);

// A duplicate instance is a matter of a process, not of a credential.
const OF_A_CREDENTIAL = Object.entries(EVENTS).filter(([name]) => !name.endsWith("instances"));

test.each(OF_A_CREDENTIAL)("the event %s is emitted as the registry says", async (name, event) => {
  const sdk = new Sdk().register();

  await live();

  const records = sdk.records(name);
  expect(records).not.toEqual([]);
  for (const { severityText, attributes, body } of records) {
    expect(event.severities).toContain(severityText);
    expect(Object.keys(attributes).filter((key) => !names(event).includes(key))).toEqual([]);
    expect(body).toEqual(expect.any(String));
  }
});

function names({ attributes }: { readonly attributes: readonly string[] }): readonly string[] {
  return attributes;
}

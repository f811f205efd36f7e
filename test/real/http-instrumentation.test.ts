import { beforeAll, expect, test } from "vitest";
import { type TimedSeries, theSpan } from "./support/telling.ts";
import { playVaultScene, type VaultScene } from "./support/vault-scene.ts";

const OURS = "affiant";
const HTTP = "@opentelemetry/instrumentation-http";
const UNDICI = "@opentelemetry/instrumentation-undici";

let scene: VaultScene;
/** The same with a failed attempt, and the standard metric opted in to. */
let retried: VaultScene;
/** The same with telemetry switched off. */
let silent: VaultScene;

beforeAll(async () => {
  scene = await playVaultScene();
  silent = await playVaultScene({ options: { telemetry: { enabled: false } } });
  retried = await playVaultScene({
    failures: 1,
    options: { resilience: { backoffMs: 1 }, telemetry: { httpClientMetric: true } },
  });
}, 60_000);

test("the instrumentation is at work: it spans what the process sends with https, got and fetch", () => {
  const spanned = scene.spans.filter(({ scope }) => scope !== OURS && scope !== "app");

  expect(spanned.map(({ scope, kind, attributes }) => [scope, kind, pathOf(attributes)])).toEqual([
    [HTTP, "CLIENT", "/assertion"],
    [HTTP, "CLIENT", "/by-got"],
    [UNDICI, "CLIENT", "/by-fetch"],
  ]);
});

test("a token request has one CLIENT span, the library's own", () => {
  const spans = scene.spans.filter(({ attributes }) => isOf(scene, attributes));

  expect(spans).toMatchObject([
    { name: "POST", kind: "CLIENT", scope: OURS, parentSpanId: refreshOf(scene).spanId },
  ]);
});

test("each attempt of a retried request has one CLIENT span, the library's own", () => {
  const spans = retried.spans.filter(({ attributes }) => isOf(retried, attributes));

  expect(
    spans.map(({ scope, kind, attributes }) => [
      scope,
      kind,
      attributes["http.response.status_code"],
    ]),
  ).toEqual([
    [OURS, "CLIENT", 503],
    [OURS, "CLIENT", 200],
  ]);
});

test("the authority gets neither trace context nor baggage when telemetry is switched off, and nobody's span", () => {
  const [, token] = silent.requests;

  expect(token?.path).toMatch(/\/token$/);
  expect(token?.headers).not.toHaveProperty("traceparent");
  expect(token?.headers).not.toHaveProperty("baggage");
  expect(silent.spans.filter(({ attributes }) => isOf(silent, attributes))).toEqual([]);
});

test("the authority gets neither trace context nor baggage, a vault asked for the assertion no baggage, what the caller asks gets both", () => {
  const carried = scene.requests.map(({ path, headers }) => ({
    path: path.replace(/^.*\/token$/, "/token"),
    traceparent: "traceparent" in headers,
    baggage: headers["baggage"],
  }));

  expect(carried).toEqual([
    { path: "/assertion", traceparent: true, baggage: undefined },
    { path: "/token", traceparent: false, baggage: undefined },
    { path: "/by-got", traceparent: true, baggage: "user=somebody" },
    { path: "/by-fetch", traceparent: true, baggage: "user=somebody" },
  ]);
});

test("the request to a vault that signs the assertion is under the assertion's span", () => {
  const assertion = theSpan(scene.spans, { name: "entra.credential.assertion" });
  const asked = scene.spans.filter(({ parentSpanId }) => parentSpanId === assertion.spanId);

  expect(asked).toMatchObject([{ name: "GET", scope: HTTP, traceId: refreshOf(scene).traceId }]);
  expect(scene.requests[0]?.headers["traceparent"]).toBe(
    `00-${refreshOf(scene).traceId}-${asked[0]?.spanId}-01`,
  );
});

test("the instrumentation's own metric times token requests too; the library's has another name", () => {
  const timed = scene.durations.filter(({ attributes }) => isOf(scene, attributes));

  expect(timed.map(({ scope, metric, count }) => [scope, metric, count])).toEqual([
    [HTTP, "http.client.request.duration", 1],
    [OURS, "entra.credential.authority.request.duration", 1],
  ]);
});

test("with httpClientMetric the standard metric has each attempt twice, told apart by scope", () => {
  const timed = retried.durations.filter(
    ({ metric, attributes }) =>
      metric === "http.client.request.duration" && isOf(retried, attributes),
  );

  const seen = { [HTTP]: statusesOf(timed, HTTP), [OURS]: statusesOf(timed, OURS) };
  expect(seen).toEqual({
    [HTTP]: [
      [503, 1],
      [200, 1],
    ],
    [OURS]: [
      [503, 1],
      [200, 1],
    ],
  });
});

function refreshOf({ spans }: VaultScene) {
  return theSpan(spans, { name: "entra.credential.refresh" });
}

/** Whether a span or series is about a request to the authority. */
function isOf({ authority }: VaultScene, attributes: TimedSeries["attributes"]): boolean {
  return attributes["server.port"] === authority.port;
}

function pathOf(attributes: TimedSeries["attributes"]): string {
  return new URL(String(attributes["url.full"])).pathname;
}

function statusesOf(series: readonly TimedSeries[], of: string) {
  return series
    .filter(({ scope }) => scope === of)
    .map(({ attributes, count }) => [attributes["http.response.status_code"], count]);
}

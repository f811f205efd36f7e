import { context, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { expect, test } from "vitest";
import type { EndpointRequest } from "../../src/index.ts";
import { credentialAgainst, SCOPE } from "../support/credentials.ts";
import { fakeEntra } from "../support/fake-entra.ts";
import { Sdk, useCleanGlobals } from "../support/otel-sdk.ts";

const GET_TOKEN = "ClientAssertionCredential.getToken";
const REFRESH = "entra.credential.refresh";

useCleanGlobals();

/** As the Azure SDKs make one when nothing is instrumented. */
function emptyTracingContext() {
  return {
    getValue: () => undefined,
    setValue: () => emptyTracingContext(),
    deleteValue: () => emptyTracingContext(),
  };
}

function callWith(sdk: Sdk, tracingContext: unknown): Promise<unknown> {
  const active = sdk.tracerProvider.getTracer("app").startSpan("active");
  const credential = credentialAgainst(fakeEntra());
  const options = { tracingOptions: { tracingContext: tracingContext as never } };
  return context.with(trace.setSpan(ROOT_CONTEXT, active), async () => {
    await credential.getToken(SCOPE, options);
    await credential.getToken(SCOPE, options);
    active.end();
  });
}

test("the caller's tracing context is the parent when it holds a span", async () => {
  const sdk = new Sdk().register();
  const given = sdk.tracerProvider.getTracer("app").startSpan("given");

  await callWith(sdk, trace.setSpan(ROOT_CONTEXT, given));

  const parents = sdk.spans(GET_TOKEN).map(({ parentSpanContext: parent }) => parent?.spanId);
  expect(parents).toEqual([given.spanContext().spanId, given.spanContext().spanId]);
});

test.each([
  ["holds no span", ROOT_CONTEXT],
  ["is one of the Azure SDKs without instrumentation", emptyTracingContext()],
  ["is none at all", { some: "object" }],
])("the active span is the parent when the caller's tracing context %s", async (_, given) => {
  const sdk = new Sdk().register();

  await callWith(sdk, given);

  const active = sdk.span("active").spanContext().spanId;
  const parents = sdk.spans(GET_TOKEN).map(({ parentSpanContext: parent }) => parent?.spanId);
  expect(parents).toEqual([active, active]);
});

test("the flight's children need no context manager", async () => {
  context.disable();
  const sdk = new Sdk().register();

  await credentialAgainst(fakeEntra()).getToken(SCOPE);

  const flight = sdk.span(REFRESH).spanContext().spanId;
  expect(sdk.span("POST").parentSpanContext?.spanId).toBe(flight);
  expect(sdk.span("entra.credential.assertion").parentSpanContext?.spanId).toBe(flight);
  expect(sdk.span(REFRESH).links[0]?.context).toEqual(sdk.span(GET_TOKEN).spanContext());
});

test("what an assertion source does belongs under its span", async () => {
  const sdk = new Sdk().register();
  const getAssertion = async () => {
    sdk.tracerProvider.getTracer("vault").startSpan("sign").end();
    return "an-assertion";
  };

  await credentialAgainst(fakeEntra(), { getAssertion }).getToken(SCOPE);

  const assertion = sdk.span("entra.credential.assertion").spanContext().spanId;
  expect(sdk.span("sign").parentSpanContext?.spanId).toBe(assertion);
});

test("a flight carries nothing of its first caller's context", async () => {
  const sdk = new Sdk().register();
  const seen: unknown[] = [];
  const getAssertion = async () => {
    seen.push(propagation.getActiveBaggage());
    return "an-assertion";
  };
  const credential = credentialAgainst(fakeEntra(), { getAssertion });
  const baggage = propagation.createBaggage({ user: { value: "somebody" } });

  await context.with(propagation.setBaggage(context.active(), baggage), () =>
    credential.getToken(SCOPE),
  );

  expect(seen).toEqual([undefined]);
  expect(sdk.spans(REFRESH)).toHaveLength(1);
});

test("a transport runs within the POST and is not traced a second time", async () => {
  const sdk = new Sdk().register();
  const entra = fakeEntra();
  let active: string | undefined;
  const transport = {
    post: (request: EndpointRequest) => {
      active = trace.getActiveSpan()?.spanContext().spanId;
      sdk.tracerProvider.getTracer("http").startSpan("instrumented").end();
      return entra.post(request);
    },
  };

  await credentialAgainst(entra, { transport }).getToken(SCOPE);

  expect(active).toBe(sdk.span("POST").spanContext().spanId);
  expect(sdk.spans("instrumented")).toEqual([]);
});

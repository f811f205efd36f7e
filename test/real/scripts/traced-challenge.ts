import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import { context, trace } from "@opentelemetry/api";
import { makeCredential, SCOPE } from "./script.ts";

/** What the script needs to know of the service. */
export interface ChallengeHandover {
  readonly service: { readonly url: string; readonly certificate: string };
}

const { service }: ChallengeHandover = JSON.parse(process.argv[2] ?? "");
const pipeline = createPipelineFromOptions({ tlsOptions: { ca: service.certificate } });
pipeline.addPolicy(
  bearerTokenAuthenticationPolicy({ credential: makeCredential(), scopes: SCOPE }),
);

const tracer = trace.getTracer("app");
await tracer.startActiveSpan("active", async (active) => {
  const operation = tracer.startSpan("operation");
  const request = createPipelineRequest({ url: service.url });
  // As a client does; what `createPipelineRequest` is given under this name, it drops.
  request.tracingOptions = { tracingContext: trace.setSpan(context.active(), operation) };
  await pipeline.sendRequest(createDefaultHttpClient(), request);
  operation.end();
  active.end();
});

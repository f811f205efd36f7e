import { createRequire } from "node:module";
import { createAzureSdkInstrumentation } from "@azure/opentelemetry-instrumentation-azure-sdk";
import { registerInstrumentations } from "@opentelemetry/instrumentation";

registerInstrumentations({ instrumentations: [createAzureSdkInstrumentation()] });

// It patches what is required, and what is imported only under the hook of its own, older copy of
// @opentelemetry/instrumentation. Both builds of the Azure SDKs share their instrumenter, so that
// one require is enough for all imports to come.
createRequire(import.meta.url)("@azure/core-rest-pipeline");

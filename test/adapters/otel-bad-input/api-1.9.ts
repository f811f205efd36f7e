import { registerHooks } from "node:module";

// Whatever the process imports as the API is an older one, which an Azure package brought along.
const OLDER = import.meta.resolve(
  "../../../node_modules/@azure/opentelemetry-instrumentation-azure-sdk/node_modules/@opentelemetry/api/build/src/index.js",
);

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "@opentelemetry/api" ? next(OLDER, context) : next(specifier, context),
});

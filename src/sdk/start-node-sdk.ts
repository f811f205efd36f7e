import { ConfigurationError } from "../domain/errors.ts";
import { isRegistered, type Provider, registeredProviders, unregisterSdk } from "./api-globals.ts";
import { readingEnvironment, variable } from "./environment.ts";
import type { NodeSdkModule } from "./load-node-sdk.ts";
import { releaseScrapeConnections } from "./scrape-connections.ts";
import { identityOf } from "./service-identity.ts";
import type { StartSettings } from "./start-options.ts";

/**
 * Starts the SDK as the `OTEL_*` variables say and gives its providers: what is exported where is
 * between the variables and the SDK. What they leave open and we would not, is said in variables too.
 *
 * @throws ConfigurationError when nothing was started.
 */
export function startNodeSdk(sdk: NodeSdkModule, settings: StartSettings): readonly Provider[] {
  try {
    readingEnvironment(defaultsFor(settings), () => startAsConfigured(sdk));
  } catch (error) {
    unregisterSdk();
    const [reason, details] =
      error instanceof Error ? [error.message, { cause: error }] : [typeof error, {}];
    throw new ConfigurationError(`OpenTelemetry's SDK did not start: ${reason}`, details);
  }
  releaseScrapeConnections();
  return registeredProviders();
}

/** Whether the variables say that no SDK is wanted. A configuration file says so itself. */
export function isSdkDisabled(): boolean {
  const disabled = variable("OTEL_SDK_DISABLED")?.trim().toLowerCase() === "true";
  return disabled && variable("OTEL_CONFIG_FILE") === undefined;
}

function startAsConfigured({ NodeSDK, startNodeSdk }: NodeSdkModule): void {
  if (variable("OTEL_CONFIG_FILE") !== undefined) {
    startNodeSdk();
    return;
  }
  // Told in variables alone, "none" would be answered with a warning.
  const isTraced = variable("OTEL_TRACES_EXPORTER")?.trim() !== "none";
  const sdk = new NodeSDK(isTraced ? {} : { spanProcessors: [] });
  try {
    sdk.start();
    requireRegistered();
  } catch (error) {
    sdk.shutdown().catch(() => {});
    throw error;
  }
}

function requireRegistered(): void {
  if (isRegistered("context")) return;
  throw new ConfigurationError(
    "the copy of @opentelemetry/api that it uses and another one in this process do not go together. See: npm ls @opentelemetry/api",
  );
}

function defaultsFor({ flushTimeoutMs, ...service }: StartSettings): Record<string, string> {
  const identity = identityOf(process.argv[1]);
  return {
    OTEL_EXPORTER_OTLP_TIMEOUT: variable("OTEL_EXPORTER_OTLP_TIMEOUT") ?? String(flushTimeoutMs),
    // Of two that are named alike, the later one wins.
    OTEL_RESOURCE_ATTRIBUTES: [
      pair("service.name", service.serviceName ?? identity.name),
      pair("service.version", service.serviceVersion ?? identity.version),
      variable("OTEL_RESOURCE_ATTRIBUTES"),
    ]
      .filter((entry) => entry !== undefined)
      .join(","),
  };
}

function pair(key: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${key}=${encodeURIComponent(value)}`;
}

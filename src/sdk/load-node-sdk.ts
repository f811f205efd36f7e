import { ConfigurationError } from "../domain/errors.ts";

/** The module of OpenTelemetry's SDK for Node. */
export type NodeSdkModule = typeof import("@opentelemetry/sdk-node");

const PACKAGE = "@opentelemetry/sdk-node";

/**
 * Loads the SDK, which is not installed with this package and takes half a second.
 *
 * @throws ConfigurationError with the command that installs it, or with the reason why it does not load.
 */
export async function loadNodeSdk(): Promise<NodeSdkModule> {
  try {
    return await import("@opentelemetry/sdk-node");
  } catch (error) {
    throw new ConfigurationError(whyNot(error), error instanceof Error ? { cause: error } : {});
  }
}

function whyNot(error: unknown): string {
  if (isMissing(error)) {
    return `Telemetry was asked for, but ${PACKAGE} is not installed. Run: npm install ${PACKAGE}`;
  }
  const reason = error instanceof Error ? error.message : typeof error;
  return `Telemetry was asked for, but ${PACKAGE} cannot be loaded: ${reason}`;
}

// A part of the SDK may be missing too: installing the SDK again would be no cure then.
function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "ERR_MODULE_NOT_FOUND" &&
    error.message.includes(`'${PACKAGE}'`)
  );
}

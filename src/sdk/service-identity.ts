import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What an application is called, as far as it is known. */
export interface ServiceIdentity {
  readonly name?: string;
  readonly version?: string;
}

/**
 * Reads name and version from the package.json that a script belongs to: the nearest one above it
 * that has a name.
 *
 * A script inside `node_modules` is a tool that runs an application, hence the application's own
 * package is looked for first.
 */
export function identityOf(script: string | undefined): ServiceIdentity {
  if (script === undefined) return {};
  const [outside = ""] = script.split(/[\\/]node_modules[\\/]/);
  return nearestIdentity(outside) ?? nearestIdentity(script) ?? {};
}

function nearestIdentity(start: string): ServiceIdentity | undefined {
  const found = identityIn(start);
  const parent = dirname(start);
  return found ?? (parent === start ? undefined : nearestIdentity(parent));
}

function identityIn(folder: string): ServiceIdentity | undefined {
  const { name, version } = packageIn(folder);
  if (!isText(name)) return undefined;
  return isText(version) ? { name, version } : { name };
}

function packageIn(folder: string): { readonly name?: unknown; readonly version?: unknown } {
  try {
    const content: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return typeof content === "object" && content !== null ? content : {};
  } catch {
    // Not there, not readable or no JSON: the SDK has a name for what is unknown.
    return {};
  }
}

// The SDK discards all resource attributes when one is longer.
const MAX_LENGTH = 255;

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "" && value.length <= MAX_LENGTH;
}

import { ConfigurationError } from "../domain/errors.ts";

/**
 * Older Nodes load the package, and would fail in the middle of the first call.
 *
 * @throws ConfigurationError that names the version.
 */
export function requireRuntime(): void {
  if (typeof Promise.withResolvers === "function") return;
  throw new ConfigurationError(`affiant needs Node 22 or newer, and this is ${process.version}.`);
}

/** @throws ConfigurationError naming a parameter of the credential that is missing or wrong. */
export function requireParameter(name: string, value: unknown, type: "string" | "function"): void {
  if (type === "function" && typeof value === "function") return;
  if (type === "string" && typeof value === "string" && value.trim() !== "") return;
  const wanted = type === "function" ? "a function that gives a signed JWT" : "a non-empty string";
  throw new ConfigurationError(
    `ClientAssertionCredential: the parameter ${name} is missing or wrong: it must be ${wanted}.`,
  );
}

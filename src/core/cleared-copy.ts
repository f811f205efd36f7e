import { redactSecrets } from "../protocol/redact.ts";

/**
 * A copy of a foreign error that is safe to show: name, code, message and stack, cleared of
 * anything that looks like a token. Nothing else of it is kept: a key vault's own error may
 * hold the request that it failed on, and with it a secret.
 */
export function clearedCopy(thrown: unknown): Error {
  if (!(thrown instanceof Error)) return new Error(`something that is no Error (${typeof thrown})`);

  const copy = new Error(redactSecrets(textOf(thrown.message)));
  copy.name = redactSecrets(textOf(thrown.name));
  copy.stack = redactSecrets(textOf(thrown.stack));
  if ("code" in thrown && (typeof thrown.code === "string" || typeof thrown.code === "number")) {
    const code = typeof thrown.code === "string" ? redactSecrets(thrown.code) : thrown.code;
    Object.defineProperty(copy, "code", { value: code, enumerable: true });
  }
  return copy;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

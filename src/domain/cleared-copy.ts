import { redactSecrets } from "./redact.ts";
import { typeName } from "./type-name.ts";

/**
 * A copy of a foreign error that is safe to show: name, code, message and stack, cleared of
 * anything that looks like a token. Nothing else of it is kept: a key vault's own error may
 * hold the request that it failed on, and with it a secret. `clear` erases secrets from a text.
 */
export function clearedCopy(
  thrown: unknown,
  clear: (text: string) => string = redactSecrets,
): Error {
  if (!(thrown instanceof Error)) return new Error(`${typeName(thrown)} was thrown`);

  const cleared = (member: string) => {
    const value = read(thrown, member);
    return typeof value === "string" ? clear(value) : undefined;
  };
  const copy = new Error(cleared("message"));
  copy.name = cleared("name") ?? "Error";
  copy.stack = cleared("stack") ?? "";
  const code = cleared("code") ?? read(thrown, "code");
  if (typeof code === "string" || typeof code === "number") {
    Object.defineProperty(copy, "code", { value: code, enumerable: true });
  }
  return copy;
}

// A foreign error may have getters, and they may throw.
function read(error: Error, member: string): unknown {
  try {
    return Reflect.get(error, member);
  } catch {
    return undefined;
  }
}

import { nearest } from "../domain/nearest.ts";
import { UsageError } from "./usage-error.ts";

/**
 * What `parse`, a call of `parseArgs`, returns.
 *
 * @throws UsageError in place of the errors of `parseArgs`, with the option that was probably meant.
 */
export function checkedArguments<T>(parse: () => T, options: readonly string[]): T {
  try {
    return parse();
  } catch (error) {
    if (!isParseError(error)) throw error;
    const unknown = /^Unknown option '(-{1,2}[^']*)'/.exec(error.message)?.[1];
    if (unknown !== undefined) throw unknownOption(unknown, options);
    const stray = /^Unexpected argument '([^']*)'/.exec(error.message)?.[1];
    if (stray !== undefined) throw new UsageError(`unexpected argument '${stray}'.`);
    throw new UsageError(firstSentence(error.message));
  }
}

function isParseError(error: unknown): error is Error & { readonly code: string } {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    error.code.startsWith("ERR_PARSE_ARGS_")
  );
}

function unknownOption(option: string, options: readonly string[]): UsageError {
  const meant = nearest(option.replace(/^-+/, ""), options);
  const hint = meant === undefined ? "" : ` Did you mean --${meant}?`;
  return new UsageError(`unknown option '${option}'.${hint}`);
}

function firstSentence(message: string): string {
  const [sentence = message] = message.split(/[.\n](?:\s|$)/);
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}.`;
}
